#include "token/sd_jwt.h"

#include "base/base64url.h"
#include "fuzz/fuzz.h"

using namespace elicense;

// Past the signature: a JSON payload, then disclosures, one a line; and the text form as it comes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text = text_of(fuzz::view(data, size));
  (void)UnverifiedSdJwt::parse(text, 65536).ok();
  const std::size_t end = text.find('\n');
  const auto payload = Json::parse(text.substr(0, end), {.bytes = 65536, .depth = 16, .values = 4096});
  if (!payload || payload->object() == nullptr) return 0;
  std::vector<Disclosure> disclosures;
  while (text.find('\n') != std::string_view::npos && disclosures.size() < 64) {
    text.remove_prefix(text.find('\n') + 1);
    const std::string_view line = text.substr(0, text.find('\n'));
    if (auto disclosure = Disclosure::parse(base64url_encode(view_of(line))))
      disclosures.push_back(std::move(disclosure).value());
  }
  if (const auto claims = reveal(*payload, disclosures)) fuzz::must(claims->find("_sd") == nullptr);
  return 0;
}
