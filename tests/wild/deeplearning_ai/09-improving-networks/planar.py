from utils.reg_utils import *

plt.scatter(range(3), range(3))
X, Y = sklearn.datasets.make_moons(200)
