hypercuboid 1
use std.darts { none, max_pool_3x3, avg_pool_3x3, skip_connect, sep_conv_3x3, sep_conv_5x5, dil_conv_3x3, dil_conv_5x5, sep_conv_7x7 }
let a = [none, max_pool_3x3, avg_pool_3x3, skip_connect, sep_conv_3x3, sep_conv_5x5, dil_conv_3x3, dil_conv_5x5, sep_conv_7x7, conv_7x1_1x7]
let b = [SharpSepConv(16, k = 3, dilation = 1), SharpSepConv(16, k = 5, dilation = 1), SharpSepConv(16, k = 3, dilation = 2)]
let c = a_function_of_a_long_name(an_argument = a_value_of_a_long_name, another_argument = another_value_of_a_long_name, k = 3)
let d = a_function_of_a_long_name(an_argument = a_value_of_a_long_name, another_argument = another_value_of_a_long_name, k = 3, dilation = 1)
let e = the_first_of_many_terms + the_second_of_many_terms * the_third_of_many_terms + the_fourth_of_many_terms + the_fifth_of_many_terms
let f = the_first_of_many_conditions and the_second_of_many_conditions or the_third_of_many_conditions and not the_fourth_of_many_conditions
let g = x -> conv(32, 3, stride = 2) -> bn -> relu -> conv(64, 3, stride = 2) -> bn -> relu -> conv(128, 3, stride = 2) -> bn -> relu -> gap -> linear(10)
let h = an_expression_of_a_long_name -> conv(32, 3, stride = 2) if a_condition_of_a_long_name == another_one else another_expression
let i = [a_function_of_a_long_name(first, second) for (first, second) in zip(the_first_of_two_lists, the_second_of_two_lists) if first < second]
let j = choose { kernel_of_three: a_function_of_a_long_name(3), kernel_of_five: a_function_of_a_long_name(5), kernel_of_seven: f(7) }
let k = sum top 2 the_first_binder in 0..the_number_of_nodes, the_second_binder in the_list_of_primitives where the_first_binder < 3 { the_second_binder }
let l = concat(an_expression_of_a_long_name -> conv(32, 3, stride = 2), another_expression_of_a_long_name -> conv(32, 3, stride = 2))
let m = linear(the_first_of_many_terms + the_second_of_many_terms * the_third_of_many_terms + the_fourth_of_many_terms + the_fifth_one)
let n = an_expression_of_a_long_name -> (A_block_of_a_long_name if a_condition_of_a_long_name else Another_block_of_a_long_name)(c * 2 ** len(of_a_list))
let a_name_that_is_far_too_long_to_be_broken_anywhere_since_names_are_whole = another_name_that_is_far_too_long_to_be_broken_anywhere
block Long(c: int, k: int = 3, stride: int = 1, dilation: int = 1, mid: int = c, affine: bool = not searching, bias: bool = false) on x { out x -> conv(c, k) }
block Longer(filters: int = a_value_of_a_long_name, kernel: int = a_value_of_a_long_name, stride: int = a_value_of_a_long_name, dilation: int = 1) on x {
require the_first_of_many_conditions and the_second_of_many_conditions else "a message that says at some length what is wrong with them"
out x
}
arch A of B(filters = [32, 64, 128, 256], reductions = 3, layers = 3, head = 768, affine = true, dropout = 0.1, stem = 32, classes = 10) {
pick Normal.n[2] = [0: sep_conv_3x3, 1: sep_conv_3x3, 2: dil_conv_5x5, 3: skip_connect, 4: max_pool_3x3, 5: avg_pool_3x3, 6: sep_conv_5x5]
}
