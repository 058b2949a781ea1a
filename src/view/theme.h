// Colours, type and measures of the pages, in CSS pixels. Every pair of text and ground has at least 4.5:1.
#pragma once

#include <imgui.h>

#include "view/fonts.h"

namespace elicense {

struct Color {
  ImU32 value;
  constexpr Color faded(float alpha) const {
    const auto was = static_cast<float>(value >> 24);
    return {(value & 0xffffffU) | static_cast<ImU32>(was * alpha) << 24};
  }
};
constexpr Color rgb(ImU32 hex) { return {0xff000000U | (hex & 0xffU) << 16 | (hex & 0xff00U) | (hex >> 16 & 0xffU)}; }

namespace theme {

inline constexpr Color kGround = rgb(0xeef3f1);
inline constexpr Color kCard = rgb(0xfdfefd);
inline constexpr Color kInk = rgb(0x10302a);
inline constexpr Color kSecondary = rgb(0x4f6b65);
inline constexpr Color kTeal = rgb(0x0b6e5f);
inline constexpr Color kUsable = rgb(0x0b7d59);
inline constexpr Color kOnUsable = rgb(0xd9f2e8);
inline constexpr Color kLiveDot = rgb(0x12a374);
inline constexpr Color kRefused = rgb(0xa3231c);
inline constexpr Color kOnRefused = rgb(0xfbe3e1);
inline constexpr Color kRefusedBar = rgb(0xc23a32);
inline constexpr Color kStale = rgb(0xfff7e6);
inline constexpr Color kStaleBorder = rgb(0xe5b95a);
inline constexpr Color kStaleInk = rgb(0x5c3d00);
inline constexpr Color kStaleDot = rgb(0xc98a12);
inline constexpr Color kHeld = rgb(0xd9f2e8);
inline constexpr Color kHeldInk = rgb(0x0a5c4f);
inline constexpr Color kLine = rgb(0xcfdeda);
inline constexpr Color kTrack = rgb(0xdce8e4);
inline constexpr Color kEcho = rgb(0x0b4a72);
inline constexpr Color kOnEcho = rgb(0xd6e8f4);
inline constexpr Color kWhite = rgb(0xffffff);
inline constexpr Color kModule = rgb(0x0c1f1b);

inline constexpr float kCardRadius = 18;
inline constexpr float kMargin = 10;   // around the card
inline constexpr float kPadding = 16;  // within it

}  // namespace theme

struct TextStyle {
  float size;
  Weight weight;
  Color color;
  float spacing = 0;  // between characters
};

namespace theme {

inline constexpr TextStyle kLabel = {10.5F, Weight::regular, kSecondary};
inline constexpr TextStyle kValue = {15, Weight::bold, kInk};
inline constexpr TextStyle kTitle = {20, Weight::bold, kInk, 1.6F};
inline constexpr TextStyle kSubtitle = {10.5F, Weight::regular, kSecondary};
inline constexpr TextStyle kName = {27, Weight::bold, kInk, 1.5F};
inline constexpr TextStyle kTime = {17, Weight::bold, kInk};
inline constexpr TextStyle kHeading = {13, Weight::bold, kTeal, 0.6F};
inline constexpr TextStyle kBody = {12.5F, Weight::regular, kInk};

}  // namespace theme

}  // namespace elicense
