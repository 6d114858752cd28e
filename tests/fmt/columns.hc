hypercuboid 1

block B(c) on x {
  let a = x -> relu -> dwconv(k, stride)   -> conv(mid, 1) -> bn
            -> relu -> dwconv(k)           -> conv(c, 1) -> bn(affine)
  let b = x -> relu -> dwconv(k, stride) -> bn
            -> relu   -> conv(c, 1)
  let c = x -> relu
    -> dwconv(k)     -> bn
  let d = x -> relu -> conv(k, stride, padding = 0, dilation = 3) -> conv(mid, 1, stride = 2, groups = 8) -> bn(affine)
            -> relu -> dwconv(k)                                  -> conv(mid, 1, stride = 2)               -> bn(affine, 8)
  let e = x -> relu -> f # with a comment
            -> tanh -> g
  let f = x -> relu -> f
            -> tanh -> g   # behind the last
  let g = x -> f -> g -> h
            -> long_name -> i
            -> f         -> k -> l
  out x
}
