using Konko.Engine.Numerics;

namespace Konko.Engine.Tests.Numerics;

public sealed class ReduceTests
{
    [Fact]
    public void All_EveryLength_FollowTheDocumentedShape()
    {
        var random = new Random(11);
        for (int length = 0; length <= 300; length++)
        {
            float[] values = [.. Enumerable.Range(0, length).Select(_ => (float)((random.NextDouble() - 0.5) * Math.Exp(random.Next(20))))];
            Assert.Equal(Fold(values, 0f, (a, x) => a + x, (a, b) => a + b), Reduce.Sum(values));
            Assert.Equal(Fold(values, 0f, (a, x) => MathF.FusedMultiplyAdd(x, x, a), (a, b) => a + b), Reduce.SumOfSquares(values));
            Assert.Equal(values.Append(float.NegativeInfinity).Max(), Reduce.Max(values));
        }
    }

    [Fact]
    public void Sum_Cancelling_TakesTheTreeInOrder()
    {
        // Lanes 0 and 8 cancel first; any other order loses the 1 of lane 4 in 1e8.
        float[] values = new float[16];
        values[0] = 1e8f;
        values[8] = -1e8f;
        values[4] = 1f;
        Assert.Equal(1f, Reduce.Sum(values));
    }

    [Fact]
    public void Max_NanAndZeros_AreSettled()
    {
        Assert.Equal(3f, Reduce.Max([float.NaN, 3f, float.NaN, -1f]));
        Assert.Equal(float.NegativeInfinity, Reduce.Max([]));
        Assert.False(float.IsNegative(Reduce.Max([-0f, -0f, -1f])));
    }

    private static float Fold(float[] values, float identity, Func<float, float, float> step, Func<float, float, float> join)
    {
        float[] lanes = new float[16];
        Array.Fill(lanes, identity);
        for (int i = 0; i < values.Length; i++) lanes[i % 16] = step(lanes[i % 16], values[i]);
        for (int half = 8; half > 0; half /= 2)
        {
            for (int i = 0; i < half; i++) lanes[i] = join(lanes[i], lanes[i + half]);
        }

        return lanes[0];
    }
}
