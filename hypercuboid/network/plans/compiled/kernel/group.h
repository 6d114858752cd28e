// A group: several alternatives over one source, each a chain of units, weighted and added.
//
// A unit is [relu] -> window (depthwise, a pool, or none) -> [1x1] -> [batch norm]. What is kept for the backward pass is
// what each unit gives before its batch norm; everything else is computed again, image by image, while it is in a cache.
// No torch here: plain pointers, so that a stand-alone program can run it under sanitizers.
#pragma once

#include <functional>
#include <vector>

#include "loops.h"

namespace hypercuboid {

enum class Spatial { NONE, DEPTHWISE, MAX, MEAN };

// Shapes of a unit, known before it runs. Channels and sizes before and after it.
struct Shape {
  Spatial spatial = Spatial::NONE;
  Window window;
  bool relu = false, pointwise = false, norm = false, count_padding = false;
  int inputs = 0, outputs = 0, height = 0, width = 0, rows = 0, columns = 0;
  double eps = 1e-5;
  int pixels() const { return rows * columns; }
  int taps() const { return window.rows * window.columns; }
};

// Where the numbers of a unit are. Pointers that do not apply are null.
template <class T> struct Unit : Shape {
  const T *depthwise = nullptr, *pointwise_weight = nullptr;  // [inputs][taps], [outputs][inputs]
  const T *gamma = nullptr, *beta = nullptr;                  // [outputs]
  T *running_mean = nullptr, *running_var = nullptr;
  bool training = true;
  double momentum = 0.1;
  T* kept = nullptr;                         // [images][blocks of outputs][pixels] of vectors, aligned to 64 bytes
  T *mean = nullptr, *deviation = nullptr;   // [outputs]: what the batch norm subtracts, and 1 / what it divides by
  T *d_depthwise = nullptr, *d_pointwise = nullptr, *d_gamma = nullptr, *d_beta = nullptr;
  // The numbers in `kept`, in elements.
  std::size_t kept_size(int images) const {
    return static_cast<std::size_t>(images) * blocks<T>(outputs) * pixels() * lanes<T>;
  }
};

// A chain of units; without any it is the source itself.
template <class T> struct Alternative {
  std::vector<Unit<T>> units;
  T coefficient = 1, d_coefficient = 0;
};

// Runs body(0) ... body(count - 1), at once or one after the other.
using Parallel = std::function<void(int count, const std::function<void(int)>& body)>;

inline void one_after_the_other(int count, const std::function<void(int)>& body) {
  for (int i = 0; i < count; ++i) body(i);
}

template <class T> struct Group {
  int images = 0, channels = 0, height = 0, width = 0;   // of the source
  int outputs = 0, rows = 0, columns = 0;                // of the result
  std::vector<Alternative<T>> alternatives;
  int chunks = 1;         // in how many parts the images are cut, for threads
  Parallel parallel = one_after_the_other;

  // out (images, rows, columns, outputs) = sum of coefficient * alternative(source); source (images, height, width,
  // channels). Fills `kept`, `mean` and `deviation` of each unit and moves running statistics.
  void forward(const T* source, T* out);

  // From the gradient of `out`, in the shape of `out`: fills the `d_` of alternatives and units that are not null, and
  // d_source, where it is not null.
  void backward(const T* source, const T* d_out, T* d_source);
};

}  // namespace hypercuboid

#include "run.h"
