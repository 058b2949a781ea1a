#include "licence/live_code.h"

#include "fuzz/fuzz.h"
#include "support/demo.h"

using namespace elicense;

// The text as it comes, and the same bytes as the COSE within a code: a fuzzer does not guess a checksum. The trusted
// key has signed no seed, so nothing is valid.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const TrustList keys = TrustList::of_pinned_keys(
      {{"stranger", test::key_from(200).public_key()}, {"unsigned", test::key_from(201).public_key()}});
  const LiveCodePolicy policy{
      .now = test::kNow, .trust = keys, .status_lists = nullptr, .spent_codes = nullptr, .challenge = std::nullopt};
  const ByteView input = fuzz::view(data, size);
  fuzz::must(verify_live_code(text_of(input), policy).result != CheckResult::valid);
  if (size > 2000) return 0;
  const LiveCodeCheck check = verify_live_code(test::pack(input), policy);
  fuzz::must(!check.steps.empty() && check.steps.back().error == check.error && !check.code);
  return 0;
}
