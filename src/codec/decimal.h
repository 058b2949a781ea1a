// Floating point numbers as text and back, exactly: as short as reads back as the same number, in the layout that
// JavaScript, RFC 8949 and RFC 8785 share, but with a point always; and the double that lies nearest to a number of
// JSON. Refuses infinities and NaN, which are no numbers.
#pragma once

#include <string>
#include <string_view>

namespace elicense {

std::string shortest_decimal(double value);
// Ties go to the even one. Infinite when it lies beyond the largest. `number` keeps to the grammar of RFC 8259 6.
double nearest_double(std::string_view number);

}  // namespace elicense
