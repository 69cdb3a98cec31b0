from FINAL_v2.model import conv_forward
import tensorflow as tf
from tensorflow.python.framework import ops
sess = tf.Session()
