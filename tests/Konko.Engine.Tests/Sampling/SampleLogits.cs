namespace Konko.Engine.Tests.Sampling;

/// <summary>Rows of logits of every kind that a sampler has to deal with.</summary>
internal static class SampleLogits
{
    public static readonly string[] Kinds = ["peaked", "flat", "ties", "equal", "masked", "huge", "wide"];

    public static float[] Row(string kind, int count, Random random)
    {
        float[] row = new float[count];
        for (int i = 0; i < count; i++)
        {
            double normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            row[i] = kind switch
            {
                "peaked" => (float)(2.5 * normal + (random.Next(200) == 0 ? 10 * random.NextDouble() : 0)),
                "flat" => (float)random.NextDouble(),
                "ties" => random.Next(8),
                "equal" => -3.25f,
                "masked" => random.Next(3) == 0 ? (float)normal : float.NegativeInfinity,
                "huge" => (float)(normal * 1e30),
                "wide" => (float)(normal * 40),
                _ => throw new ArgumentOutOfRangeException(nameof(kind)),
            };
        }

        if (kind == "masked") row[random.Next(count)] = 0.5f;
        return row;
    }
}
