// Floating point numbers as text, exactly: as short as reads back as the same number, in the layout that JavaScript,
// RFC 8949 and RFC 8785 share, but with a point always. Refuses infinities and NaN, which are no numbers.
#pragma once

#include <string>

namespace elicense {

std::string shortest_decimal(double value);

}  // namespace elicense
