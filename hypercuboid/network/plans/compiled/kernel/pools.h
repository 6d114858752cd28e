// Pools of one block of channels of one image, cut off at its border, and what they give back.
#pragma once

#include <algorithm>

#include "loops.h"

namespace hypercuboid {

// The part of a window that lies inside the image.
struct Clipped {
  int top, bottom, left, right;
  Clipped(const Window& w, int y, int x, int height, int width) {
    const int first = y * w.down - w.above, start = x * w.right - w.before;
    top = std::max(first, 0), bottom = std::min(first + w.rows, height);
    left = std::max(start, 0), right = std::min(start + w.columns, width);
  }
  int count() const { return (bottom - top) * (right - left); }
};

// `in` is the first pixel of the image, its padding left out.
template <class T>
inline void max_row(const Vector<T>* in, int pitch, const Window& w, int height, int width, int y, int count, Vector<T>* out) {
  for (int x = 0; x < count; ++x) {
    const Clipped c(w, y, x, height, width);
    Vector<T> best = in[c.top * pitch + c.left];
    for (int i = c.top; i < c.bottom; ++i)
      for (int j = c.left; j < c.right; ++j) {
        const Vector<T> value = in[i * pitch + j];
        best = (value > best) | (value != value) ? value : best;
      }
    out[x] = best;
  }
}

template <class T>
inline T divisor(const Window& w, const Clipped& c, bool count_padding) {
  return T(1) / static_cast<T>(count_padding ? w.rows * w.columns : c.count());
}

template <class T>
inline void mean_row(const Vector<T>* in, int pitch, const Window& w, bool padding, int height, int width, int y, int count, Vector<T>* out) {
  for (int x = 0; x < count; ++x) {
    const Clipped c(w, y, x, height, width);
    Vector<T> sum{};
    for (int i = c.top; i < c.bottom; ++i)
      for (int j = c.left; j < c.right; ++j) sum += in[i * pitch + j];
    out[x] = sum * divisor<T>(w, c, padding);
  }
}

// The first pixel of a window that holds its largest number takes the whole gradient, as in torch.
template <class T>
inline void max_back(const Vector<T>* in, int pitch, const Window& w, int height, int width, int y, int count, const Vector<T>* given, Vector<T>* grad) {
  using Mask = typename Vectors<T>::mask;
  for (int x = 0; x < count; ++x) {
    const Clipped c(w, y, x, height, width);
    Vector<T> best = in[c.top * pitch + c.left];
    Mask place = Mask{} + (c.top * width + c.left);
    for (int i = c.top; i < c.bottom; ++i)
      for (int j = c.left; j < c.right; ++j) {
        const Vector<T> value = in[i * pitch + j];
        const Mask better = (value > best) | (value != value);
        best = better ? value : best;
        place = better ? Mask{} + (i * width + j) : place;
      }
    for (int i = c.top; i < c.bottom; ++i)
      for (int j = c.left; j < c.right; ++j)
        grad[i * width + j] += place == Mask{} + (i * width + j) ? given[x] : Vector<T>{};
  }
}

template <class T>
inline void mean_back(const Window& w, bool padding, int height, int width, int y, int count, const Vector<T>* given, Vector<T>* grad) {
  for (int x = 0; x < count; ++x) {
    const Clipped c(w, y, x, height, width);
    const Vector<T> part = given[x] * divisor<T>(w, c, padding);
    for (int i = c.top; i < c.bottom; ++i)
      for (int j = c.left; j < c.right; ++j) grad[i * width + j] += part;
  }
}

}  // namespace hypercuboid
