import time
import scipy
from PIL import Image
from scipy import ndimage
from dnn_app_utils_v3 import *

train_x = load_data()
print ("number of training examples: " + str(train_x.shape[0]))
