hypercuboid 1
use "../conftest.hc" { B }
