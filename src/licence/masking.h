// Hiding the middle of an identifying number, so that its holder recognises it and nobody else learns it.
#pragma once

#include <string>
#include <string_view>

namespace elicense {

// 18- and 15-digit numbers (the last may be X) keep four characters at each end: 3701**********1234. Anything else
// keeps two at each end from 8 user-perceived characters on, one from 5 on, none below: a passport E12345678 becomes
// E1*****78. Never cuts within a user-perceived character.
std::string mask_number(std::string_view number);

}  // namespace elicense
