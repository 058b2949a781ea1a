// The shortest decimal number that reads back as the same double, laid out as in RFC 8949 appendix A and RFC
// 8785 3.2.2.3, and always with a fraction, so that it is not taken for an integer. Refuses (stops at) infinities and
// NaN.
#pragma once

#include <string>

namespace elicense {

std::string shortest_decimal(double value);

}  // namespace elicense
