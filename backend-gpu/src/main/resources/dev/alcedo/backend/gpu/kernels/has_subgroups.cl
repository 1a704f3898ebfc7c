// SPDX-License-Identifier: Apache-2.0

#pragma OPENCL EXTENSION cl_khr_subgroups : enable
#define SUBGROUPS
