// A check in words: what the inspector sees, and the page that embeds the widget hears. Personal data stands in
// `person` alone, and only with a valid result; a check that says otherwise stops the program.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "verifier/check.h"
#include "verifier/check_words.h"

namespace elicense {

enum class CardTone : std::uint8_t { usable, noted, refused };

struct CardRow {
  TwoWords label;
  std::string value;
};

struct CardPerson {
  std::string name;
  std::string licence_number;  // masked
  std::vector<std::string> classes;
  CivilDate valid_until;
  std::optional<std::string> portrait;  // data: URI
  std::vector<CardRow> rows;
};

struct CardStatus {
  std::string letters;
  TwoWords words;
};

struct CardAnswer {
  VehicleClass asked = VehicleClass::C1;
  bool may_drive = false;
  TwoWords question, title, because;
};

struct CheckCard {
  std::string_view result;
  std::optional<ErrorCode> error;
  bool online = false;
  CardTone tone = CardTone::refused;
  TwoWords title;
  std::string line;
  TwoWords meaning;
  std::optional<std::int64_t> age;
  std::optional<std::int64_t> confirmed;
  std::optional<CardStatus> status;
  std::optional<CardPerson> person;
  std::optional<CardAnswer> answer;
  std::optional<int> echo;
  TwoWords echo_words;
  std::vector<TwoWords> unchecked;
  std::optional<std::string> receipt;
  std::optional<TwoWords> specimen;
};

CheckCard card_of(const Check& check, Language language);

}  // namespace elicense
