// SPDX-License-Identifier: Apache-2.0

#pragma OPENCL EXTENSION cl_arm_integer_dot_product_int8 : enable
#define ARM_DOT
