hypercuboid 1
# error HC6007 at 3:1
use torch.nn { Conv2d }
