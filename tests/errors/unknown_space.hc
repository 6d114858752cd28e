hypercuboid 1
block Space() on x { out x }
arch A of Spaec() { }
