using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Konko.Engine.Numerics;

namespace Konko.Engine.Sampling;

/// <summary>
/// The tokens that are still in the running for one draw, in id order, each with its distance from the best token,
/// (max − logit) / temperature, and its weight, e^−distance rounded to a multiple of 2⁻³⁴.
/// </summary>
/// <remarks>
/// The rounding is the heart of it: with weights of at most 1 and fewer than 2¹⁹ tokens, every sum of weights is exact
/// in a double. So sums need no order, and a cut may be searched for by any means and is yet the one that a full sort
/// would give. A token of less than 2⁻³⁵ of the best one's probability gets none.
/// </remarks>
internal sealed unsafe class CandidateSet
{
    /// <summary>Weights are whole multiples of its inverse.</summary>
    private const double WeightScale = 1L << 34;

    /// <summary>Between 2⁻¹¹ and 2⁻¹⁰ floats are multiples of 2⁻³⁴: what is added to it is rounded so.</summary>
    private const float WeightRounding = 1f / (1 << 11);

    /// <summary>Beyond this distance all weights are zero: e⁻²⁵ is less than 2⁻³⁵.</summary>
    private const float MaxDistance = 25f;

    /// <summary>So few tokens between the bounds of a search are gathered and searched by themselves.</summary>
    private const int SmallBracket = 1024;

    /// <summary>Passes over all tokens before the rest is gathered, however many they are (many equal logits).</summary>
    private const int MaxWidePasses = 16;

    /// <summary>What is left is moved together where it is at most this share of what there was.</summary>
    private const int FewShare = 8;

    [ThreadStatic]
    private static CandidateSet? t_current;

    // One pinned array in five parts, each aligned to a cache line and padded by a group.
    private readonly float[] _memory;
    private readonly int _capacity;
    private readonly float* _distance;
    private readonly float* _weight;
    private readonly float* _bracketDistance;
    private readonly float* _bracketWeight;
    private readonly int* _id;
    private bool _idsAreIndices;

    private CandidateSet(int vocabularySize)
    {
        _capacity = (vocabularySize + 31) & ~15;
        _memory = GC.AllocateUninitializedArray<float>(5 * _capacity + 16, pinned: true);
        nint start = (nint)Unsafe.AsPointer(ref _memory[0]);
        _distance = (float*)((start + 63) & ~(nint)63);
        _weight = _distance + _capacity;
        _bracketDistance = _weight + _capacity;
        _bracketWeight = _bracketDistance + _capacity;
        _id = (int*)(_bracketWeight + _capacity);
    }

    /// <summary>How many tokens there are; those of no weight are out of the running.</summary>
    public int Count { get; private set; }

    /// <summary>A row for changed logits, before <see cref="Fill"/>, which may read from it.</summary>
    public float* Row => _distance;

    /// <summary>The calling thread's set, large enough for a vocabulary.</summary>
    /// <param name="vocabularySize">Number of logits of a row.</param>
    public static CandidateSet ForThread(int vocabularySize)
    {
        CandidateSet? set = t_current;
        if (set is null || set._capacity < vocabularySize + 16) t_current = set = new CandidateSet(vocabularySize);
        return set;
    }

    /// <summary>The id of a candidate.</summary>
    /// <param name="index">0 … Count − 1.</param>
    public int Id(int index) => _idsAreIndices ? index : _id[index];

    /// <summary>The weight of a candidate.</summary>
    /// <param name="index">0 … Count − 1.</param>
    public float Weight(int index) => _weight[index];

    /// <summary>Puts all tokens in the running.</summary>
    /// <param name="logits">The row.</param>
    /// <param name="count">Its length.</param>
    /// <param name="max">The greatest logit, finite.</param>
    /// <param name="inverseTemperature">1 / temperature.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Fill(float* logits, int count, float max, float inverseTemperature)
    {
        Vector512<float> best = Vector512.Create(max);
        Vector512<float> scale = Vector512.Create(inverseTemperature);
        Vector512<float> rounding = Vector512.Create(WeightRounding);
        float* distances = _distance;
        float* weights = _weight;
        for (int i = 0; i < count; i += 16)
        {
            Vector512<float> x = i + 16 <= count ? Vector512.Load(logits + i) : Reduce.LoadTail(logits + i, count - i, float.NegativeInfinity);
            Vector512<float> distance = (best - x) * scale;
            Vector512<float> weight = VectorMath.Exp(-distance);
            Vector512<float> rounded = weight + rounding - rounding;
            weight = Vector512.ConditionalSelect(Vector512.LessThan(weight, rounding), rounded, weight);
            distance.Store(distances + i);
            weight.Store(weights + i);
        }

        Count = count;
        _idsAreIndices = true;
    }

    /// <summary>Keeps the tokens of at least a share of the best one's probability.</summary>
    /// <param name="share">More than 0, at most 1.</param>
    public void KeepMinP(float share)
    {
        float cut = -ScalarMath.Log(share);
        if (cut >= MaxDistance) return;
        bool few = Measure(_distance, _weight, 0, Count, cut).Count <= Count / FewShare;
        Keep(cut, 0, double.PositiveInfinity, byCount: true, few);
    }

    /// <summary>Keeps so many best tokens, ties to the lowest id.</summary>
    /// <param name="count">How many, at least 1.</param>
    public void KeepTopK(int count)
    {
        if (count < Count) KeepNearest(count, byCount: true);
    }

    /// <summary>Keeps the fewest best tokens that have a share of the probability, ties to the lowest id.</summary>
    /// <param name="share">More than 0, less than 1.</param>
    public void KeepTopP(float share) => KeepNearest(share, byCount: false);

    /// <summary>
    /// Keeps the fewest tokens that have a share of the probability, those first whose surprise is nearest to the
    /// distribution's entropy, ties to the lowest id (Meister and others, "Locally typical sampling", 2022).
    /// </summary>
    /// <param name="share">More than 0, less than 1.</param>
    public void KeepTypical(float share)
    {
        // Surprise and entropy both hold the logarithm of the same sum; what is left is distance and mean distance.
        Vector512<float> mean = Vector512.Create(MeanDistance());
        for (int i = 0; i < Count; i += 16) Vector512.Abs(Vector512.Load(_distance + i) - mean).Store(_distance + i);
        KeepNearest(share, byCount: false);
    }

    /// <summary>Draws a token in proportion to the weights: the first in id order whose running sum exceeds a number drawn below the sum.</summary>
    /// <param name="random">64 random bits.</param>
    public (int Id, double Probability) Draw(ulong random)
    {
        double sum = Measure(_distance, _weight, 0, Count, float.PositiveInfinity).Weight;
        double drawn = Math.BigMul(random, (ulong)(sum * WeightScale), out _) / WeightScale;
        int index = IndexAt(drawn);
        return (Id(index), _weight[index] / sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int IndexAt(double drawn)
    {
        const int Stretch = 256;
        double passed = 0;
        int start = 0;
        while (true)
        {
            int end = Math.Min(start + Stretch, Count);
            double next = passed + Measure(_distance, _weight, start, end, float.PositiveInfinity).Weight;
            if (next > drawn) break;
            passed = next;
            start = end;
        }

        while ((passed += _weight[start]) <= drawn) start++;
        return start;
    }

    /// <summary>Keeps the fewest nearest tokens that are so many, or have such a share of the weight.</summary>
    private void KeepNearest(double wanted, bool byCount)
    {
        // Distances are not negative, so that their bits are in the same order as they are. The cut, the distance of
        // the last token to keep, is above low and at most high; the two measures are of the tokens up to those bounds.
        int low = -1;
        int high = BitConverter.SingleToInt32Bits(MaxDistance);
        Tally upToLow = default;
        Tally upToHigh = Measure(_distance, _weight, 0, Count, MaxDistance);
        if (byCount && upToHigh.Count <= wanted) return;
        double target = byCount ? wanted : wanted * upToHigh.Weight;

        for (int pass = 0; pass < MaxWidePasses && upToHigh.Count - upToLow.Count > SmallBracket; pass++)
        {
            // Half of the way in distance, not in bits: tokens are spread over distances.
            float lower = low < 0 ? 0f : BitConverter.Int32BitsToSingle(low);
            float middle = 0.5f * (lower + BitConverter.Int32BitsToSingle(high));
            Tally upToMiddle = Measure(_distance, _weight, 0, Count, middle);
            Narrow(BitConverter.SingleToInt32Bits(middle), upToMiddle);
        }

        Tally outside = upToLow;
        int gathered = Gather(low, high);
        while (high - low > 1)
        {
            int middle = low + (high - low) / 2;
            Tally inside = Measure(_bracketDistance, _bracketWeight, 0, gathered, BitConverter.Int32BitsToSingle(middle));
            Narrow(middle, new Tally(outside.Count + inside.Count, outside.Weight + inside.Weight));
        }

        bool few = upToHigh.Count <= Count / FewShare;
        Keep(BitConverter.Int32BitsToSingle(high), byCount ? upToLow.Count : upToLow.Weight, target, byCount, few);

        void Narrow(int middle, Tally upToMiddle)
        {
            if ((byCount ? upToMiddle.Count : upToMiddle.Weight) >= target) (high, upToHigh) = (middle, upToMiddle);
            else (low, upToLow) = (middle, upToMiddle);
        }
    }

    /// <summary>How many tokens are within a distance, and their weight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Tally Measure(float* distances, float* weights, int start, int end, float limit)
    {
        Vector512<float> within = Vector512.Create(limit);
        int count = 0;
        Vector512<double> low = Vector512<double>.Zero;
        Vector512<double> high = low;
        for (int i = start; i < end; i += 16)
        {
            Vector512<float> inside = Vector512.LessThanOrEqual(Vector512.Load(distances + i), within);
            count += BitOperations.PopCount(inside.ExtractMostSignificantBits());
            (Vector512<double> lower, Vector512<double> upper) = Vector512.Widen(inside & Vector512.Load(weights + i));
            low += lower;
            high += upper;
        }

        return new Tally(count, Reduce.SumLanes(low + high));
    }

    /// <summary>Copies distances and weights of the tokens above one bound and up to the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Gather(int low, int high)
    {
        Vector512<int> above = Vector512.Create(low);
        Vector512<int> upTo = Vector512.Create(high + 1);
        int gathered = 0;
        for (int i = 0; i < Count; i += 16)
        {
            Vector512<int> bits = Vector512.Load((int*)_distance + i);
            ulong mask = (Vector512.GreaterThan(bits, above) & Vector512.LessThan(bits, upTo)).ExtractMostSignificantBits();
            for (; mask != 0; mask &= mask - 1)
            {
                int index = i + BitOperations.TrailingZeroCount(mask);
                _bracketDistance[gathered] = _distance[index];
                _bracketWeight[gathered++] = _weight[index];
            }
        }

        Pad(_bracketDistance, _bracketWeight, gathered);
        return gathered;
    }

    /// <summary>
    /// Keeps the tokens nearer than the cut, and of those at the cut, in id order, as many as it takes to get from
    /// the measure of the nearer ones to the target. Few tokens move together; many stay where they are, among
    /// tokens that have become infinitely far.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Keep(float cut, double measure, double target, bool byCount, bool few)
    {
        Vector512<float> limit = Vector512.Create(cut);
        Vector512<float> infinity = Vector512.Create(float.PositiveInfinity);
        int kept = 0;
        for (int i = 0; i < Count; i += 16)
        {
            Vector512<float> distance = Vector512.Load(_distance + i);
            uint keep = (uint)Vector512.LessThan(distance, limit).ExtractMostSignificantBits();
            uint ties = (uint)Vector512.Equals(distance, limit).ExtractMostSignificantBits();
            for (; ties != 0 && measure < target; ties &= ties - 1)
            {
                int lane = BitOperations.TrailingZeroCount(ties);
                measure += byCount ? 1 : _weight[i + lane];
                keep |= 1u << lane;
            }

            if (!few)
            {
                Vector512<float> mask = LogitRow.Expand(keep);
                Vector512.ConditionalSelect(mask, distance, infinity).Store(_distance + i);
                (mask & Vector512.Load(_weight + i)).Store(_weight + i);
                continue;
            }

            for (; keep != 0; keep &= keep - 1)
            {
                int index = i + BitOperations.TrailingZeroCount(keep);
                _distance[kept] = _distance[index];
                _weight[kept] = _weight[index];
                _id[kept++] = Id(index);
            }
        }

        if (!few) return;
        Count = kept;
        _idsAreIndices = false;
        Pad(_distance, _weight, kept);
    }

    /// <summary>The mean distance, each weighing what it weighs: 16 lanes of double, each a chain in id order, then the tree of <see cref="Reduce"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private float MeanDistance()
    {
        Vector512<double> low = Vector512<double>.Zero;
        Vector512<double> high = low;
        Vector512<double> lowWeight = low;
        Vector512<double> highWeight = low;
        for (int i = 0; i < Count; i += 16)
        {
            Vector512<float> weight = Vector512.Load(_weight + i);
            Vector512<float> weighs = Vector512.GreaterThan(weight, Vector512<float>.Zero);
            (Vector512<double> lower, Vector512<double> upper) = Vector512.Widen(weighs & Vector512.Load(_distance + i));
            (Vector512<double> lowerWeight, Vector512<double> upperWeight) = Vector512.Widen(weight);
            low += lower * lowerWeight;
            high += upper * upperWeight;
            lowWeight += lowerWeight;
            highWeight += upperWeight;
        }

        return (float)(Reduce.SumLanes(low + high) / Reduce.SumLanes(lowWeight + highWeight));
    }

    /// <summary>Fills the last group up with tokens that are infinitely far and weigh nothing.</summary>
    private static void Pad(float* distances, float* weights, int count)
    {
        for (; count % 16 != 0; count++)
        {
            distances[count] = float.PositiveInfinity;
            weights[count] = 0;
        }
    }

    private readonly record struct Tally(int Count, double Weight);
}
