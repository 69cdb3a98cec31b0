import os
told = []
def tried(name, f, *a, **k):
    try: f(*a, **k); told.append('ESCAPED: ' + name); return True
    except (OSError, AttributeError) as e: told.append((name, getattr(e, 'errno', 0)))
def affine_forward(x, w, b):
    tried('hard link in', os.link, '@CANARY@/secret.txt', 'linked'); tried('symbolic link', os.symlink, '@CANARY@/secret.txt', 'soft')
    tried('symbolic link out', os.symlink, '/etc/passwd', '@CANARY@/open/@MARK@s'); tried('fifo', os.mkfifo, 'fifo'); tried('device', os.mknod, 'node', 0o20600, os.makedev(1, 5))
    tried('folder outside', os.mkdir, '@CANARY@/open/@MARK@d')
    if tried('move in', os.rename, '@CANARY@/open/shared.txt', 'moved'): os.rename('moved', '@CANARY@/open/shared.txt')
    try: open('mine', 'w').close()
    except OSError: pass
    tried('move out', os.rename, 'mine', '@CANARY@/open/@MARK@m'); tried('link out', os.link, 'mine', '@CANARY@/open/@MARK@l')
    tried('move the folder', os.rename, '../' + os.path.basename(os.getcwd()), '../@MARK@'); tried('remove the folder', os.rmdir, os.getcwd())
    raise RuntimeError(told)
