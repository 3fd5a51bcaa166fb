using Konko.Engine.Kernels;

namespace Konko.Engine.Models;

/// <summary>Cosines and sines of rotary positions, made when a position is first needed.</summary>
internal sealed unsafe class RopeTable : IDisposable
{
    private const int BlockPositions = 256;

    private readonly double[] _frequencies;
    private readonly double _magnitude;
    private readonly List<AlignedBuffer<float>> _blocks = [];

    /// <summary>A table of the given frequencies.</summary>
    /// <param name="frequencies">Radians a position, one for each pair of elements.</param>
    /// <param name="magnitude">What cosines and sines are multiplied with.</param>
    public RopeTable(double[] frequencies, double magnitude) => (_frequencies, _magnitude) = (frequencies, magnitude);

    /// <summary>Number of pairs.</summary>
    public int Half => _frequencies.Length;

    /// <summary>Makes the table reach a position; called by one thread before a step.</summary>
    /// <param name="position">The last position of the step.</param>
    public void Ensure(int position)
    {
        while (_blocks.Count * BlockPositions <= position)
        {
            var block = new AlignedBuffer<float>((long)BlockPositions * 2 * Half);
            for (int i = 0; i < BlockPositions; i++)
            {
                double at = _blocks.Count * BlockPositions + i;
                float* row = block.Pointer + (long)i * 2 * Half;
                for (int pair = 0; pair < Half; pair++)
                {
                    row[pair] = (float)(_magnitude * Numerics.ScalarMath.Cos(at * _frequencies[pair]));
                    row[Half + pair] = (float)(_magnitude * Numerics.ScalarMath.Sin(at * _frequencies[pair]));
                }
            }

            _blocks.Add(block);
        }
    }

    /// <summary>The cosines of a position; the sines follow.</summary>
    public float* Row(int position) => _blocks[position / BlockPositions].Pointer + (long)(position % BlockPositions) * 2 * Half;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (AlignedBuffer<float> block in _blocks) block.Dispose();
        _blocks.Clear();
    }
}
