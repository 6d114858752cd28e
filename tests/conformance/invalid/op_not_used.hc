hypercuboid 1
# Ops are names like others: without `use` they are not known.
# error HC2001 at 4:43
space S() on x: image(3, 8, 8) { out x -> conv(4) }
