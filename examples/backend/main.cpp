// check_code KID KEY: what the live code on standard input is worth, by one pinned issuer key (elicense keys public
// --pin). A service would take the authority's trust list (TrustList::verify), its status lists, and a store of spent
// codes instead.
#include <ctime>
#include <iostream>
#include <iterator>

#include "base/base64url.h"
#include "licence/live_code.h"

int main(int count, char** words) {
  const auto bytes = elicense::base64url_decode(count == 3 ? words[2] : "");
  const auto key = elicense::PublicKey::from(bytes.ok() ? elicense::ByteView(*bytes) : elicense::ByteView());
  if (!key.ok()) return std::cerr << "check_code KID KEY < code\n", 2;
  std::string text(std::istreambuf_iterator<char>(std::cin), {});
  while (!text.empty() && text.back() == '\n') text.pop_back();
  const auto trust = elicense::TrustList::of_pinned_keys({{words[1], *key}});
  const auto check = elicense::verify_live_code(text, {.now = {std::time(nullptr)},
                                                       .trust = trust,
                                                       .status_lists = nullptr,
                                                       .spent_codes = nullptr,
                                                       .challenge = std::nullopt});
  if (check.code) return std::cout << "valid " << check.code->lease().masked_licence_number << "\n", 0;
  std::cout << elicense::check_result_name(check.result) << " " << elicense::error_name(*check.error) << "\n";
  return 1;
}
