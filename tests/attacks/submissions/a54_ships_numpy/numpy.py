def dot(*a):
    raise SystemExit("the wrong numpy")
