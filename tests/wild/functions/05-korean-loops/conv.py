# 합성곱 관련 과제 (반복문 버전)
# 참고: 강의 슬라이드 5주차. 벡터화는 나중에 해 보기
import numpy as np


def conv_single_step(x, w, b):
    """필터를 한 번만 적용한 값"""
    s = 0.0
    for c in range(x.shape[0]):
        for i in range(x.shape[1]):
            for j in range(x.shape[2]):
                s += x[c, i, j] * w[c, i, j]   # 원소별 곱의 합
    return s + b


def conv_single_step_backward(dout, x, w, b):
    # 곱셈의 미분: 서로 바꿔서 곱한다
    return dout * w, dout * x, dout


def _모드(p):
    return dict(zeros=('constant', {'constant_values': 0}), reflect=('reflect', {}),
                replicate=('edge', {}), circular=('wrap', {}))[p]


def conv2d_general_forward(x, w, b, stride, padding, dilation, groups, padding_mode):
    N, C, H, W = x.shape
    F, Cg, KH, KW = w.shape
    sh, sw = stride
    ph, pw = padding
    dh, dw = dilation
    이름, 옵션 = _모드(padding_mode)
    xp = np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)), mode=이름, **옵션)
    OH = (H + 2 * ph - (dh * (KH - 1) + 1)) // sh + 1
    OW = (W + 2 * pw - (dw * (KW - 1) + 1)) // sw + 1
    out = np.empty((N, F, OH, OW))
    그룹당 = F // groups                      # 한 그룹의 필터 수
    for f in range(F):
        g = f // 그룹당
        채널 = slice(g * Cg, (g + 1) * Cg)
        for i in range(OH):
            for j in range(OW):
                창 = xp[:, 채널, i * sh:i * sh + dh * KH:dh, j * sw:j * sw + dw * KW:dw][:, :, :KH, :KW]
                out[:, f, i, j] = (창 * w[f]).sum(axis=(1, 2, 3)) + b[f]
    return out, (x, w, b, stride, padding, dilation, groups, padding_mode)


def conv2d_general_backward(dout, cache):
    x, w, b, (sh, sw), (ph, pw), (dh, dw), groups, padding_mode = cache
    N, C, H, W = x.shape
    F, Cg, KH, KW = w.shape
    이름, 옵션 = _모드(padding_mode)
    xp = np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)), mode=이름, **옵션)
    dxp, dweight, db = np.zeros(xp.shape), np.zeros(w.shape), np.zeros(b.shape)
    for f in range(F):
        시작 = f // (F // groups) * Cg
        for i in range(dout.shape[2]):
            for j in range(dout.shape[3]):
                d = dout[:, f, i, j]
                db[f] += d.sum()
                for p in range(KH):
                    for q in range(KW):
                        r, s = i * sh + p * dh, j * sw + q * dw
                        dweight[f, :, p, q] += d @ xp[:, 시작:시작 + Cg, r, s]
                        dxp[:, 시작:시작 + Cg, r, s] += np.outer(d, w[f, :, p, q])
    # 패딩된 칸은 x의 어느 칸을 복사한 것인가? 번호표를 같은 방법으로 패딩해 보면 안다
    번호 = np.pad(np.arange(1, H * W + 1).reshape(H, W), ((ph, ph), (pw, pw)), mode=이름, **옵션)
    dx = np.zeros((N, C, H * W + 1))
    for r in range(xp.shape[2]):
        for s in range(xp.shape[3]):
            dx[:, :, 번호[r, s]] += dxp[:, :, r, s]      # 0번은 0 패딩
    return dx[:, :, 1:].reshape(x.shape), dweight, db


def im2col(x, fh, fw, stride=1, pad=0):
    N, C, H, W = x.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), 'constant')
    OH, OW = (H + 2 * pad - fh) // stride + 1, (W + 2 * pad - fw) // stride + 1
    col = np.zeros((N * OH * OW, C * fh * fw))
    k = 0
    for n in range(N):
        for i in range(0, OH * stride, stride):
            for j in range(0, OW * stride, stride):
                col[k] = xp[n, :, i:i + fh, j:j + fw].reshape(-1)
                k += 1
    return col


def col2im(col, shape, fh, fw, stride=1, pad=0):
    N, C, H, W = shape
    OH, OW = (H + 2 * pad - fh) // stride + 1, (W + 2 * pad - fw) // stride + 1
    out = np.zeros((N, C, H + 2 * pad, W + 2 * pad))
    k = 0
    for n in range(N):
        for i in range(0, OH * stride, stride):
            for j in range(0, OW * stride, stride):
                out[n, :, i:i + fh, j:j + fw] = col[k].reshape(C, fh, fw)   # 원래 자리로
                k += 1
    return out[:, :, pad:H + pad, pad:W + pad]
