hypercuboid 1
# A module of torch.
# error HC1002 at 4:1
class Net(nn.Module):
