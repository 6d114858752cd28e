hypercuboid 1
# error HC1002 at 3:5
use { conv }
