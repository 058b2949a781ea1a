// The people of --demo, one for each thing a licence can say: made up, with portraits drawn by us. Their division code
// 99 is no place of GB/T 2260, so their numbers are nobody's. Refuses no day: whatever today is, each is in the state
// that the note tells of, and what leads there is dated from today.
#pragma once

#include <string_view>
#include <vector>

#include "authority/store/store.h"

namespace elicense::authority {

struct DemoPerson {
  std::string_view key;                  // "normal", "points" …: ASCII, also the name of the drawing in assets/people
  std::string_view pre_authorized_code;  // fixed and public: for data made with --demo only
  std::string_view note_zh, note_en;     // what this person shows
  NewLicence licence;
};

// The normal one first.
std::vector<DemoPerson> demo_people(CivilDate today);

}  // namespace elicense::authority
