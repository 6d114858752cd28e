// How a group runs: image by image inside a level (the first units of all alternatives, then the second ones, ...), a
// barrier between levels, because batch norm needs the statistics of all images.
#pragma once

#include <cmath>

#include "group.h"
#include "pools.h"

namespace hypercuboid {

// A padded image of several blocks; `at` is its first pixel, padding included.
template <class T> struct Padded {
  Vector<T>* at = nullptr;
  int above = 0, before = 0, pitch = 0;
  long block = 0;
  Vector<T>* inside() const { return at + static_cast<long>(above) * pitch + before; }
};

template <class T>
inline Padded<T> padded(Buffer<T>& buffer, int count, int height, int width, int above, int before) {
  Padded<T> image{nullptr, above, before, width + 2 * before, static_cast<long>(height + 2 * above) * (width + 2 * before)};
  buffer.resize(static_cast<std::size_t>(count) * image.block);
  image.at = buffer.get();
  return image;
}

template <class T>
inline void zero_rim(const Padded<T>& image, int count, int height, int width) {
  constexpr std::size_t SIZE = sizeof(Vector<T>);
  const int total = height + 2 * image.above;
  for (int block = 0; block < count; ++block)
    for (int y = 0; y < total; ++y) {
      Vector<T>* row = image.at + block * image.block + static_cast<long>(y) * image.pitch;
      if (y < image.above || y >= height + image.above) {
        std::memset(static_cast<void*>(row), 0, SIZE * image.pitch);
      } else {
        std::memset(static_cast<void*>(row), 0, SIZE * image.before);
        std::memset(static_cast<void*>(row + image.before + width), 0, SIZE * image.before);
      }
    }
}

// The numbers per output channel that a batch norm needs, as vectors; channels that are not there are zero.
template <class T> struct Norm {
  Buffer<T> mean, deviation, scale, shift;              // shift: z * scale + shift is what the norm gives
  Buffer<T> mean_of_gradient, mean_of_product;          // of g, of g * normalised z
  std::vector<double> sum_of_gradient, sum_of_product;
};

// What belongs to one unit while a group runs.
template <class T> struct Prepared {
  Buffer<T> filter, flipped, forward, backward;         // depthwise taps, and 1x1 weights for both directions
  Norm<T> norm;
  Buffer<T> first, second;                              // per image and block: mean and squares, or sums of gradients
  Buffer<T> gradient;                                   // of the normalised output, [images][blocks][pixels]
  std::vector<Buffer<T>> d_filter, d_product;           // per chunk
};

// What one thread works in.
template <class T> struct Scratch {
  Buffer<T> source[2], own, band, given, band_gradient, behind, wide, inside[2], one;
};

template <class T> struct Run {
  using V = Vector<T>;
  Group<T>& group;
  const T* source;
  std::vector<std::vector<Prepared<T>>> prepared;
  std::vector<Scratch<T>> scratch;
  bool reads[2] = {false, false};
  int above = 0, before = 0, depth = 0;

  Run(Group<T>& group, const T* source) : group(group), source(source), scratch(static_cast<std::size_t>(group.chunks)) {
    for (auto& alternative : group.alternatives) {
      depth = std::max(depth, static_cast<int>(alternative.units.size()));
      prepared.emplace_back(alternative.units.size());
      if (alternative.units.empty()) {
        direct_sums.assign(static_cast<std::size_t>(group.images), 0);
        continue;
      }
      const Unit<T>& first = alternative.units[0];
      reads[first.relu] = true;
      above = std::max(above, first.window.above), before = std::max(before, first.window.before);
    }
  }

  template <class F> void every(F f) {
    for (std::size_t a = 0; a < prepared.size(); ++a)
      for (std::size_t i = 0; i < prepared[a].size(); ++i) f(group.alternatives[a].units[i], prepared[a][i]);
  }
  template <class F> void at_level(int level, F f) {
    for (std::size_t a = 0; a < prepared.size(); ++a)
      if (static_cast<int>(prepared[a].size()) > level) f(group.alternatives[a], static_cast<int>(a));
  }
  void images(const std::function<void(int image, int chunk)>& body) {
    const int count = group.images, chunks = group.chunks;
    group.parallel(chunks, [&](int chunk) {
      for (int image = count * chunk / chunks; image < count * (chunk + 1) / chunks; ++image) body(image, chunk);
    });
  }
  static V* kept(const Unit<T>& unit, int image) {
    return reinterpret_cast<V*>(unit.kept) + static_cast<long>(image) * blocks<T>(unit.outputs) * unit.pixels();
  }

  // ---------------------------------------------------------------- weights

  // What one direction needs: the forward pass taps and 1x1 weights, the backward pass those turned round, and taps to
  // compute the windows again.
  static void pack(const Unit<T>& unit, Prepared<T>& own, bool back) {
    if (unit.spatial == Spatial::DEPTHWISE) pack_taps(unit, own);
    if (!unit.pointwise) return;
    const int inputs = unit.inputs, outputs = unit.outputs;
    Buffer<T>& to = back ? own.backward : own.forward;
    to.resize(static_cast<std::size_t>(back ? blocks<T>(inputs) * static_cast<long>(outputs) : blocks<T>(outputs) * static_cast<long>(inputs)));
    for (int block = 0; back && block < blocks<T>(inputs); ++block)
      for (int o = 0; o < outputs; ++o)
        to.get()[static_cast<long>(block) * outputs + o] =
            load(unit.pointwise_weight + static_cast<long>(o) * inputs + block * lanes<T>, filled<T>(inputs, block));
    if (back) return;
    to.zero();
    for (int block = 0; block < blocks<T>(outputs); ++block) {
      const int full = filled<T>(outputs, block);
      const T* from = unit.pointwise_weight + static_cast<long>(block) * lanes<T> * inputs;
      T* at = lane(to) + static_cast<long>(block) * inputs * lanes<T>;
      for (int c = 0; c < inputs; ++c)
        for (int o = 0; o < full; ++o) at[static_cast<long>(c) * lanes<T> + o] = from[static_cast<long>(o) * inputs + c];
    }
  }
  static void pack_taps(const Unit<T>& unit, Prepared<T>& own) {
    const int taps = unit.taps();
    own.filter.resize(static_cast<std::size_t>(blocks<T>(unit.inputs)) * taps), own.flipped.resize(own.filter.size());
    own.filter.zero(), own.flipped.zero();
    T *filter = lane(own.filter), *flipped = lane(own.flipped);
    for (int c = 0; c < unit.inputs; ++c)
      for (int t = 0; t < taps; ++t) {
        const long block = static_cast<long>(c / lanes<T>) * taps;
        filter[(block + t) * lanes<T> + c % lanes<T>] = unit.depthwise[c * taps + t];
        flipped[(block + taps - 1 - t) * lanes<T> + c % lanes<T>] = unit.depthwise[c * taps + t];
      }
  }
  static T* lane(const Buffer<T>& buffer) { return reinterpret_cast<T*>(buffer.get()); }

  // ---------------------------------------------------------------- inputs of units

  // The source of an image, padded for all first units that read it so.
  Padded<T> read_source(int image, bool relu, Scratch<T>& work) {
    const int count = blocks<T>(group.channels), height = group.height, width = group.width;
    const Padded<T> to = padded(work.source[relu], count, height, width, above, before);
    zero_rim(to, count, height, width);
    const T* from = source + static_cast<long>(image) * height * width * group.channels;
    for (int block = 0; block < count; ++block) {
      const int full = filled<T>(group.channels, block);
      for (int y = 0; y < height; ++y) {
        V* row = to.inside() + block * to.block + static_cast<long>(y) * to.pitch;
        const T* pixel = from + static_cast<long>(y) * width * group.channels + block * lanes<T>;
        for (int x = 0; x < width; ++x) {
          const V value = load(pixel + static_cast<long>(x) * group.channels, full);
          row[x] = relu ? rectified<T>(value) : value;
        }
      }
    }
    return to;
  }

  // What the unit before gives, normalised and padded for the unit that reads it.
  static Padded<T> read_unit(int image, const Unit<T>& from, const Norm<T>& norm, const Unit<T>& unit, Scratch<T>& work) {
    const int count = blocks<T>(unit.inputs), height = unit.height, width = unit.width;
    const Padded<T> to = padded(work.own, count, height, width, unit.window.above, unit.window.before);
    zero_rim(to, count, height, width);
    const V* z = kept(from, image);
    for (int block = 0; block < count; ++block) {
      const V scale = norm.scale.get()[block], shift = norm.shift.get()[block];
      for (int y = 0; y < height; ++y) {
        V* row = to.inside() + block * to.block + static_cast<long>(y) * to.pitch;
        const V* pixel = z + (static_cast<long>(block) * height + y) * width;
        for (int x = 0; x < width; ++x) {
          const V value = pixel[x] * scale + shift;
          row[x] = unit.relu ? rectified<T>(value) : value;
        }
      }
    }
    return to;
  }

  // Where the windows of a unit begin in an image that is padded for it and perhaps more.
  static Padded<T> seen_by(const Unit<T>& unit, Padded<T> image) {
    image.at += static_cast<long>(image.above - unit.window.above) * image.pitch + (image.before - unit.window.before);
    image.above = unit.window.above, image.before = unit.window.before;
    return image;
  }

  Padded<T> input(int level, int a, int image, const Padded<T>* sources, Scratch<T>& work) {
    auto& units = group.alternatives[a].units;
    const Unit<T>& unit = units[level];
    if (level == 0) return seen_by(unit, sources[unit.relu]);
    return read_unit(image, units[level - 1], prepared[a][level - 1].norm, unit, work);
  }

  // ---------------------------------------------------------------- forward

  // Rows `from` to `to` of what the window of a unit gives, [blocks][pixels of these rows] with `pitch` between blocks.
  static void window_rows(const Unit<T>& unit, const Prepared<T>& own, const Padded<T>& in, int from, int to, V* out, long pitch) {
    const Window& w = unit.window;
    for (int block = 0; block < blocks<T>(unit.inputs); ++block)
      for (int y = from; y < to; ++y) {
        V* row = out + block * pitch + static_cast<long>(y - from) * unit.columns;
        const V* at = in.at + block * in.block + static_cast<long>(y) * w.down * in.pitch;
        const V* image = in.inside() + block * in.block;
        switch (unit.spatial) {
          case Spatial::NONE:
            for (int x = 0; x < unit.columns; ++x) row[x] = at[static_cast<long>(x) * w.right];
            break;
          case Spatial::DEPTHWISE:
            window_row<V, false>(at, in.pitch, own.filter.get() + static_cast<long>(block) * unit.taps(), w, unit.columns, row);
            break;
          case Spatial::MAX:
            max_row<T>(image, in.pitch, w, unit.height, unit.width, y, unit.columns, row);
            break;
          case Spatial::MEAN:
            mean_row<T>(image, in.pitch, w, unit.count_padding, unit.height, unit.width, y, unit.columns, row);
            break;
        }
      }
  }
  static int rows_at_once(const Unit<T>& unit) { return std::max(1, 64 / unit.columns); }

  static void forward_unit(const Unit<T>& unit, const Prepared<T>& own, const Padded<T>& in, int image, Scratch<T>& work) {
    V* z = kept(unit, image);
    if (!unit.pointwise) return window_rows(unit, own, in, 0, unit.rows, z, unit.pixels());
    const int step = rows_at_once(unit);
    const long pitch = static_cast<long>(step) * unit.columns;
    work.band.resize(blocks<T>(unit.inputs) * pitch);
    for (int y = 0; y < unit.rows; y += step) {
      const int end = std::min(y + step, unit.rows), pixels = (end - y) * unit.columns;
      window_rows(unit, own, in, y, end, work.band.get(), pitch);
      product<T>(work.band.get(), pitch, own.forward.get(), unit.inputs, unit.outputs, pixels,
                 z + static_cast<long>(y) * unit.columns, unit.pixels());
    }
  }

  // Mean and squared distance from it, of one image.
  void measure(const Unit<T>& unit, Prepared<T>& own, int image) {
    const int count = blocks<T>(unit.outputs), pixels = unit.pixels();
    for (int block = 0; block < count; ++block) {
      const V* z = kept(unit, image) + static_cast<long>(block) * pixels;
      const V mean = sum(pixels, [&](int p) { return z[p]; }) * (T(1) / static_cast<T>(pixels));
      own.first.get()[image * count + block] = mean;
      own.second.get()[image * count + block] = sum(pixels, [&](int p) { return (z[p] - mean) * (z[p] - mean); });
    }
  }
  template <class F> static V sum(int count, F f) {
    V total[4] = {};
    int p = 0;
    for (; p + 4 <= count; p += 4)
      for (int i = 0; i < 4; ++i) total[i] += f(p + i);
    for (; p < count; ++p) total[0] += f(p);
    return (total[0] + total[1]) + (total[2] + total[3]);
  }

  // The statistics of all images from those of each (Chan et al. 1979, Eq. 2.1), in double precision.
  void gather_statistics(Unit<T>& unit, const Prepared<T>& own) {
    const T *means = lane(own.first), *squares = lane(own.second);
    const long pitch = static_cast<long>(blocks<T>(unit.outputs)) * lanes<T>;
    const double pixels = unit.pixels(), count = pixels * group.images;
    for (int c = 0; c < unit.outputs; ++c) {
      double mean = 0, square = 0;
      for (int n = 0; n < group.images; ++n) mean += means[n * pitch + c];
      mean /= group.images;
      for (int n = 0; n < group.images; ++n) {
        const double off = means[n * pitch + c] - mean;
        square += squares[n * pitch + c] + off * off * pixels;
      }
      unit.mean[c] = static_cast<T>(mean);
      unit.deviation[c] = static_cast<T>(1 / std::sqrt(square / count + unit.eps));
      if (!unit.running_mean) continue;
      unit.running_mean[c] += static_cast<T>(unit.momentum * (mean - unit.running_mean[c]));
      unit.running_var[c] += static_cast<T>(unit.momentum * (square / (count - 1) - unit.running_var[c]));
    }
  }

  static void set_norm(const Unit<T>& unit, Norm<T>& norm) {
    const std::size_t count = static_cast<std::size_t>(blocks<T>(unit.outputs));
    for (Buffer<T>* one : {&norm.mean, &norm.deviation, &norm.scale, &norm.shift}) one->resize(count), one->zero();
    for (int c = 0; c < unit.outputs; ++c) {
      const T mean = unit.norm ? unit.mean[c] : T(0), deviation = unit.norm ? unit.deviation[c] : T(1);
      const T scale = deviation * (unit.gamma ? unit.gamma[c] : T(1));
      lane(norm.mean)[c] = mean, lane(norm.deviation)[c] = deviation, lane(norm.scale)[c] = scale;
      lane(norm.shift)[c] = (unit.beta ? unit.beta[c] : T(0)) - mean * scale;
    }
  }

  void finish_forward(Unit<T>& unit, Prepared<T>& own) {
    if (unit.norm && unit.training) {
      gather_statistics(unit, own);
    } else if (unit.norm) {
      for (int c = 0; c < unit.outputs; ++c) {
        unit.mean[c] = unit.running_mean[c];
        unit.deviation[c] = static_cast<T>(1 / std::sqrt(static_cast<double>(unit.running_var[c]) + unit.eps));
      }
    }
    set_norm(unit, own.norm);
  }

  void read_sources(int image, Padded<T>* sources, Scratch<T>& work) {
    for (int relu = 0; relu < 2; ++relu)
      if (reads[relu]) sources[relu] = read_source(image, relu, work);
  }

  void forward(T* out) {
    every([&](Unit<T>& unit, Prepared<T>& own) { pack(unit, own, false); });
    for (int level = 0; level < depth; ++level) {
      at_level(level, [&](Alternative<T>& alternative, int a) {
        const std::size_t count = static_cast<std::size_t>(group.images) * blocks<T>(alternative.units[level].outputs);
        prepared[a][level].first.resize(count), prepared[a][level].second.resize(count);
      });
      images([&](int image, int chunk) {
        Scratch<T>& work = scratch[chunk];
        Padded<T> sources[2];
        if (level == 0) read_sources(image, sources, work);
        at_level(level, [&](Alternative<T>& alternative, int a) {
          const Unit<T>& unit = alternative.units[level];
          forward_unit(unit, prepared[a][level], input(level, a, image, sources, work), image, work);
          if (unit.norm && unit.training) measure(unit, prepared[a][level], image);
        });
      });
      at_level(level, [&](Alternative<T>& alternative, int a) { finish_forward(alternative.units[level], prepared[a][level]); });
    }
    images([&](int image, int) { mix(image, out); });
  }

  // The weighted sum of what the last units give, normalised.
  void mix(int image, T* out) {
    const int pixels = group.rows * group.columns;
    const T* from = source + static_cast<long>(image) * pixels * group.outputs;  // read by alternatives without units alone
    T* to = out + static_cast<long>(image) * pixels * group.outputs;
    std::vector<const V*> values;
    std::vector<V> scales;
    for (int block = 0; block < blocks<T>(group.outputs); ++block) {
      const int full = filled<T>(group.outputs, block);
      V shift{};
      T direct = 0;
      bool any = false;
      values.clear(), scales.clear();
      for (std::size_t a = 0; a < prepared.size(); ++a) {
        const Alternative<T>& one = group.alternatives[a];
        if (one.units.empty()) {
          direct += one.coefficient, any = true;
          continue;
        }
        const Norm<T>& norm = prepared[a].back().norm;
        values.push_back(kept(one.units.back(), image) + static_cast<long>(block) * pixels);
        scales.push_back(norm.scale.get()[block] * one.coefficient);
        shift += norm.shift.get()[block] * one.coefficient;
      }
      const int count = static_cast<int>(values.size());
      for (int p = 0; p < pixels; ++p) {
        V sum = shift;
        for (int i = 0; i < count; ++i) sum += scales[i] * values[i][p];
        const long place = static_cast<long>(p) * group.outputs + block * lanes<T>;
        if (any) sum += load(from + place, full) * direct;
        store(to + place, sum, full);
      }
    }
  }

  // ---------------------------------------------------------------- backward

  void backward(const T* d_out, T* d_source) {
    every([&](Unit<T>& unit, Prepared<T>& own) { pack(unit, own, true), set_norm(unit, own.norm), prepare_backward(unit, own); });
    images([&](int image, int chunk) { sum_given(image, d_out, scratch[chunk]); });
    for (std::size_t a = 0; a < prepared.size(); ++a) finish_given(static_cast<int>(a));
    for (int level = depth - 1; level >= 0; --level) {
      if (level > 0)
        at_level(level, [&](Alternative<T>& alternative, int a) {
          const Unit<T>& before = alternative.units[level - 1];
          prepared[a][level - 1].gradient.resize(
              static_cast<std::size_t>(group.images) * blocks<T>(before.outputs) * before.pixels());
        });
      images([&](int image, int chunk) { level_back(level, image, chunk, d_out, d_source); });
      at_level(level, [&](Alternative<T>& alternative, int a) {
        finish_unit(alternative.units[level], prepared[a][level]);
        prepared[a][level].gradient = {};
        if (level > 0) finish_sums(alternative.units[level - 1], prepared[a][level - 1], T(1));
      });
    }
    if (depth == 0 && d_source) images([&](int image, int chunk) { level_back(0, image, chunk, d_out, d_source); });
  }

  void prepare_backward(const Unit<T>& unit, Prepared<T>& own) {
    const std::size_t count = static_cast<std::size_t>(group.images) * blocks<T>(unit.outputs);
    own.first.resize(count), own.second.resize(count);
    const std::size_t inputs = static_cast<std::size_t>(blocks<T>(unit.inputs));
    for (int chunk = 0; chunk < group.chunks; ++chunk) {
      own.d_filter.emplace_back(unit.d_depthwise ? inputs * unit.taps() : 0);
      own.d_product.emplace_back(unit.d_pointwise ? inputs * blocks<T>(unit.outputs) * lanes<T> : 0);
      own.d_filter.back().zero(), own.d_product.back().zero();
    }
  }

  // The gradient of the result for one image, in blocks.
  V* read_given(int image, const T* d_out, Scratch<T>& work) {
    const int count = blocks<T>(group.outputs), pixels = group.rows * group.columns;
    work.given.resize(static_cast<std::size_t>(count) * pixels);
    const T* from = d_out + static_cast<long>(image) * pixels * group.outputs;
    for (int block = 0; block < count; ++block) {
      const int full = filled<T>(group.outputs, block);
      for (int p = 0; p < pixels; ++p)
        work.given.get()[static_cast<long>(block) * pixels + p] =
            load(from + static_cast<long>(p) * group.outputs + block * lanes<T>, full);
    }
    return work.given.get();
  }

  // Per channel the sums of a gradient, and of it times the normalised value.
  static void sum_products(const Unit<T>& unit, Prepared<T>& own, int image, const V* gradient) {
    const int count = blocks<T>(unit.outputs), pixels = unit.pixels();
    for (int block = 0; block < count; ++block) {
      const V* g = gradient + static_cast<long>(block) * pixels;
      const V* z = kept(unit, image) + static_cast<long>(block) * pixels;
      const V mean = own.norm.mean.get()[block], deviation = own.norm.deviation.get()[block];
      own.first.get()[image * count + block] = sum(pixels, [&](int p) { return g[p]; });
      own.second.get()[image * count + block] = sum(pixels, [&](int p) { return g[p] * (z[p] - mean); }) * deviation;
    }
  }

  void sum_given(int image, const T* d_out, Scratch<T>& work) {
    const V* given = read_given(image, d_out, work);
    for (std::size_t a = 0; a < prepared.size(); ++a) {
      Alternative<T>& one = group.alternatives[a];
      if (!one.units.empty()) sum_products(one.units.back(), prepared[a].back(), image, given);
    }
    if (direct_sums.empty()) return;
    const int pixels = group.rows * group.columns;
    const T* from = source + static_cast<long>(image) * pixels * group.outputs;
    double total = 0;
    for (int block = 0; block < blocks<T>(group.outputs); ++block) {
      const int full = filled<T>(group.outputs, block);
      const V part = sum(pixels, [&](int p) {
        return given[static_cast<long>(block) * pixels + p] *
               load(from + static_cast<long>(p) * group.outputs + block * lanes<T>, full);
      });
      for (int i = 0; i < lanes<T>; ++i) total += part[i];
    }
    direct_sums[image] = total;
  }

  // The sums of all images of the last unit, and with them the gradient of the coefficient.
  void finish_given(int a) {
    Alternative<T>& one = group.alternatives[a];
    one.d_coefficient = 0;
    if (one.units.empty()) {
      double total = 0;
      for (double part : direct_sums) total += part;
      one.d_coefficient = static_cast<T>(total);
      return;
    }
    Unit<T>& unit = one.units.back();
    finish_sums(unit, prepared[a].back(), one.coefficient);
    const Norm<T>& norm = prepared[a].back().norm;
    double total = 0;
    for (int c = 0; c < unit.outputs; ++c)
      total += (unit.gamma ? unit.gamma[c] : T(1)) * norm.sum_of_product[c] + (unit.beta ? unit.beta[c] : T(0)) * norm.sum_of_gradient[c];
    one.d_coefficient = static_cast<T>(total);
  }

  // `weight` multiplies the gradient whose sums these are.
  void finish_sums(Unit<T>& unit, Prepared<T>& own, T weight) {
    Norm<T>& norm = own.norm;
    const std::size_t count = static_cast<std::size_t>(blocks<T>(unit.outputs));
    norm.mean_of_gradient.resize(count), norm.mean_of_product.resize(count);
    norm.mean_of_gradient.zero(), norm.mean_of_product.zero();
    norm.sum_of_gradient.assign(unit.outputs, 0), norm.sum_of_product.assign(unit.outputs, 0);
    const double pixels = static_cast<double>(unit.pixels()) * group.images;
    for (int c = 0; c < unit.outputs; ++c) {
      for (int n = 0; n < group.images; ++n) {
        const long place = static_cast<long>(n) * static_cast<long>(count) * lanes<T> + c;
        norm.sum_of_gradient[c] += lane(own.first)[place], norm.sum_of_product[c] += lane(own.second)[place];
      }
      if (unit.d_gamma) unit.d_gamma[c] = static_cast<T>(weight * norm.sum_of_product[c]);
      if (unit.d_beta) unit.d_beta[c] = static_cast<T>(weight * norm.sum_of_gradient[c]);
      if (!unit.norm || !unit.training) continue;
      lane(norm.mean_of_gradient)[c] = static_cast<T>(norm.sum_of_gradient[c] / pixels);
      lane(norm.mean_of_product)[c] = static_cast<T>(norm.sum_of_product[c] / pixels);
    }
  }

  // One level of one image: from the gradients of what units give, normalised, to those of what they read.
  void level_back(int level, int image, int chunk, const T* d_out, T* d_source) {
    Scratch<T>& work = scratch[chunk];
    Padded<T> sources[2];
    const V* given = nullptr;
    if (level == 0) {
      read_sources(image, sources, work);
      if (d_source)
        for (int relu = 0; relu < 2; ++relu)
          if (reads[relu]) {
            work.inside[relu].resize(static_cast<std::size_t>(blocks<T>(group.channels)) * group.height * group.width);
            work.inside[relu].zero();
          }
    }
    at_level(level, [&](Alternative<T>& one, int a) {
      const bool last = level + 1 == static_cast<int>(one.units.size());
      const Unit<T>& unit = one.units[level];
      if (last && !given) given = read_given(image, d_out, work);
      const long size = static_cast<long>(blocks<T>(unit.outputs)) * unit.pixels();
      const V* gradient = last ? given : prepared[a][level].gradient.get() + image * size;
      const Padded<T> in = input(level, a, image, sources, work);
      V* to = nullptr;
      if (level > 0) {
        const long before = static_cast<long>(blocks<T>(unit.inputs)) * unit.height * unit.width;
        to = prepared[a][level - 1].gradient.get() + image * before;
        std::memset(static_cast<void*>(to), 0, sizeof(V) * static_cast<std::size_t>(before));
      } else if (d_source) {
        to = work.inside[unit.relu].get();
      }
      unit_back(unit, prepared[a][level], in, image, chunk, gradient, last ? one.coefficient : T(1), to);
      if (level == 0) return;
      if (unit.relu) mask(unit, in, to);
      sum_products(one.units[level - 1], prepared[a][level - 1], image, to);
    });
    if (level == 0 && d_source) write_source(image, sources, d_out, d_source, work);
  }

  // The gradient of relu, in place.
  static void mask(const Unit<T>& unit, const Padded<T>& in, V* gradient) {
    for (int block = 0; block < blocks<T>(unit.inputs); ++block)
      for (int y = 0; y < unit.height; ++y) {
        const V* row = in.inside() + block * in.block + static_cast<long>(y) * in.pitch;
        V* to = gradient + (static_cast<long>(block) * unit.height + y) * unit.width;
        for (int x = 0; x < unit.width; ++x) to[x] = row[x] > T(0) ? to[x] : V{};
      }
  }

  // Whether the gradient of what a window reads is a window over the padded gradient of what it gives.
  static bool gathers(const Unit<T>& unit) {
    const Window& w = unit.window;
    return unit.spatial == Spatial::DEPTHWISE && w.down == 1 && w.right == 1 && (w.rows - 1) * w.dilation >= w.above &&
           (w.columns - 1) * w.dilation >= w.before;
  }

  // From the gradient of what one unit gives to that of its weights and, where `to` is not null, of what it reads.
  void unit_back(const Unit<T>& unit, Prepared<T>& own, const Padded<T>& in, int image, int chunk, const V* gradient, T weight, V* to) {
    Scratch<T>& work = scratch[chunk];
    if (!to && !unit.d_depthwise && !unit.d_pointwise) return;
    const Window& w = unit.window;
    const int above = gathers(unit) ? (w.rows - 1) * w.dilation - w.above : 0;
    const int before = gathers(unit) ? (w.columns - 1) * w.dilation - w.before : 0;
    const Padded<T> behind = padded(work.behind, blocks<T>(unit.inputs), unit.rows, unit.columns, above, before);
    zero_rim(behind, blocks<T>(unit.inputs), unit.rows, unit.columns);
    const int step = rows_at_once(unit);
    for (int y = 0; y < unit.rows; y += step)
      rows_back(unit, own, in, image, chunk, y, std::min(y + step, unit.rows), gradient, weight, behind, to || unit.d_depthwise);
    if (unit.d_depthwise)
      for (int block = 0; block < blocks<T>(unit.inputs); ++block)
        filter_gradient(in.at + block * in.block, in.pitch, behind.inside() + block * behind.block, behind.pitch, w, unit.rows,
                        unit.columns, own.d_filter[chunk].get() + static_cast<long>(block) * unit.taps());
    if (to)
      for (int block = 0; block < blocks<T>(unit.inputs); ++block)
        window_back(unit, own, in, block, behind, work, to + static_cast<long>(block) * unit.height * unit.width);
  }

  // Some rows: back through batch norm and the 1x1 product, into `behind`.
  void rows_back(const Unit<T>& unit, Prepared<T>& own, const Padded<T>& in, int image, int chunk, int from, int end, const V* gradient,
                 T weight, const Padded<T>& behind, bool further) {
    Scratch<T>& work = scratch[chunk];
    const int pixels = (end - from) * unit.columns, outputs = blocks<T>(unit.outputs);
    const long pitch = static_cast<long>(rows_at_once(unit)) * unit.columns;
    work.band_gradient.resize(outputs * pitch);
    V* raw = work.band_gradient.get();
    const V* z = kept(unit, image);
    for (int block = 0; block < outputs; ++block) {
      const long place = static_cast<long>(block) * unit.pixels() + static_cast<long>(from) * unit.columns;
      norm_back(own.norm, block, weight, gradient + place, z + place, pixels, raw + block * pitch);
    }
    if (unit.d_pointwise) {
      work.band.resize(blocks<T>(unit.inputs) * pitch);
      window_rows(unit, own, in, from, end, work.band.get(), pitch);
      outer<T>(raw, pitch, work.band.get(), pitch, unit.inputs, unit.outputs, pixels, own.d_product[chunk].get());
    }
    if (!further) return;
    for (int y = from; y < end; ++y) {
      V* row = behind.inside() + static_cast<long>(y) * behind.pitch;
      const V* line = raw + static_cast<long>(y - from) * unit.columns;
      if (unit.pointwise) {
        product<T>(line, pitch, own.backward.get(), unit.outputs, unit.inputs, unit.columns, row, behind.block);
        continue;
      }
      for (int block = 0; block < outputs; ++block)
        std::memcpy(static_cast<void*>(row + block * behind.block), line + block * pitch, sizeof(V) * static_cast<std::size_t>(unit.columns));
    }
  }

  // Batch norm (Ioffe and Szegedy 2015, Sec. 3): scale * (g - mean(g) - normalised * mean(g * normalised)).
  static void norm_back(const Norm<T>& norm, int block, T weight, const V* g, const V* z, int count, V* out) {
    const V scale = norm.scale.get()[block] * weight, mean = norm.mean.get()[block];
    const V offset = scale * norm.mean_of_gradient.get()[block];
    const V slope = scale * norm.mean_of_product.get()[block] * norm.deviation.get()[block];
    for (int p = 0; p < count; ++p) out[p] = scale * g[p] - offset - (z[p] - mean) * slope;
  }

  // One block: the gradient of what the window reads is added to `to` (height, width).
  static void window_back(const Unit<T>& unit, const Prepared<T>& own, const Padded<T>& in, int block, const Padded<T>& behind, Scratch<T>& work, V* to) {
    const Window& w = unit.window;
    const V* given = behind.at + block * behind.block;
    const long taps = static_cast<long>(block) * unit.taps();
    if (gathers(unit)) {
      Window back = w;
      for (int y = 0; y < unit.height; ++y)
        window_row<V, true>(given + static_cast<long>(y) * behind.pitch, behind.pitch, own.flipped.get() + taps, back, unit.width,
                            to + static_cast<long>(y) * unit.width);
      return;
    }
    if (unit.spatial == Spatial::MAX || unit.spatial == Spatial::MEAN) {
      for (int y = 0; y < unit.rows; ++y) {
        const V* row = given + static_cast<long>(y) * behind.pitch;
        if (unit.spatial == Spatial::MAX)
          max_back<T>(in.inside() + block * in.block, in.pitch, w, unit.height, unit.width, y, unit.columns, row, to);
        else
          mean_back<T>(w, unit.count_padding, unit.height, unit.width, y, unit.columns, row, to);
      }
      return;
    }
    work.one.resize(1);
    work.one.get()[0] = splat<T>(T(1));
    const V* filter = unit.spatial == Spatial::DEPTHWISE ? own.filter.get() + taps : work.one.get();
    const Padded<T> wide = padded(work.wide, 1, unit.height, unit.width, w.above, w.before);
    std::memset(static_cast<void*>(wide.at), 0, sizeof(V) * static_cast<std::size_t>(wide.block));
    for (int y = 0; y < unit.rows; ++y)
      scatter_row(given + static_cast<long>(y) * behind.pitch, unit.columns, filter, w, wide.at + static_cast<long>(y) * w.down * wide.pitch, wide.pitch);
    for (int y = 0; y < unit.height; ++y)
      for (int x = 0; x < unit.width; ++x) to[static_cast<long>(y) * unit.width + x] += wide.inside()[static_cast<long>(y) * wide.pitch + x];
  }

  // The gradient of the source of one image, of all alternatives.
  void write_source(int image, const Padded<T>* sources, const T* d_out, T* d_source, Scratch<T>& work) {
    const int height = group.height, width = group.width;
    T direct = 0;
    for (const Alternative<T>& one : group.alternatives)
      if (one.units.empty()) direct += one.coefficient;
    const long offset = static_cast<long>(image) * height * width * group.channels;
    for (int block = 0; block < blocks<T>(group.channels); ++block) {
      const int full = filled<T>(group.channels, block);
      for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
          const long pixel = static_cast<long>(y) * width + x, place = offset + pixel * group.channels + block * lanes<T>;
          V sum{};
          if (!direct_sums.empty()) sum = load(d_out + place, full) * direct;
          const long at = (static_cast<long>(block) * height) * width + pixel;
          if (reads[0]) sum += work.inside[0].get()[at];
          if (reads[1]) {
            const V value = (sources[1].inside() + block * sources[1].block + static_cast<long>(y) * sources[1].pitch)[x];
            sum += value > T(0) ? work.inside[1].get()[at] : V{};
          }
          store(d_source + place, sum, full);
        }
    }
  }

  // The gradients of the weights, over all chunks in their order.
  void finish_unit(Unit<T>& unit, Prepared<T>& own) {
    const long inputs = blocks<T>(unit.inputs);
    for (int c = 0; unit.d_depthwise && c < unit.inputs; ++c)
      for (int t = 0; t < unit.taps(); ++t) {
        T total = 0;
        for (const Buffer<T>& part : own.d_filter) total += lane(part)[(static_cast<long>(c / lanes<T>) * unit.taps() + t) * lanes<T> + c % lanes<T>];
        unit.d_depthwise[c * unit.taps() + t] = total;
      }
    for (int o = 0; unit.d_pointwise && o < unit.outputs; ++o)
      for (int block = 0; block < inputs; ++block) {
        V total{};
        for (const Buffer<T>& part : own.d_product) total += part.get()[o * inputs + block];
        store(unit.d_pointwise + static_cast<long>(o) * unit.inputs + block * lanes<T>, total, filled<T>(unit.inputs, block));
      }
  }

  std::vector<double> direct_sums;   // per image, where an alternative has no units: sum of gradient * source
};

template <class T> void Group<T>::forward(const T* source, T* out) { Run<T>(*this, source).forward(out); }
template <class T> void Group<T>::backward(const T* source, const T* d_out, T* d_source) { Run<T>(*this, source).backward(d_out, d_source); }

}  // namespace hypercuboid
