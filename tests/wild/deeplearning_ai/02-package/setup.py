from setuptools import setup
setup(name='hw')
