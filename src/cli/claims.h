// Claims files: JSON objects that an operator writes to have them signed. Refuses members that are missing, misshapen
// or unknown, each by its name.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "cli/session.h"
#include "licence/licence.h"

namespace elicense::cli {

OptionTable claims_option();  // --claims FILE, required
Outcome<Json> read_claims(const Arguments& arguments, Session& session);

// The error code is the one that the library has for this kind of token.
Outcome<std::string> text_claim(const Json& claims, std::string_view name, ErrorCode error);
Outcome<std::int64_t> integer_claim(const Json& claims, std::string_view name, ErrorCode error);
Outcome<UnixTime> time_claim(const Json& claims, std::string_view name, ErrorCode error);
Outcome<Done> refuse_unknown_claims(const Json& claims, std::initializer_list<std::string_view> known, ErrorCode error);

// One of the licence's own claims, read as the library reads it.
Outcome<LicenceData> licence_claim(const Json& claims, std::string_view name);
// A portrait is a data: URI or the name of a file with the image.
Outcome<Portrait> portrait_claim(const std::string& text, Session& session);

}  // namespace elicense::cli
