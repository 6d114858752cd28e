hypercuboid 1
# A block says the tensors it reads after `on`.
# error HC1002 at 4:11
block B() { out x }
