namespace Konko.Engine.Tests.Models.Encoders;

/// <summary>BERT as its paper has it, in double precision and without any cleverness: the oracle.</summary>
internal static class PlainBert
{
    public static double[] Embed(TinyBert model, int[] tokens, int pooling)
    {
        double[][] x = [.. tokens.Select((token, position) => LayerNorm(model, "token_embd_norm", [.. Enumerable.Range(0, model.Width).Select(i =>
            (double)model["token_embd.weight"][token * model.Width + i] + model["position_embd.weight"][position * model.Width + i] + model["token_types.weight"][i])]))];
        for (int layer = 0; layer < model.Layers; layer++)
        {
            string at = $"blk.{layer}.";
            double[][] attended = Attend(model, at, x);
            x = [.. x.Zip(attended, (a, b) => LayerNorm(model, at + "attn_output_norm", Sum(a, Linear(model, at + "attn_output", b))))];
            x = [.. x.Select(a => LayerNorm(model, at + "layer_output_norm", Sum(a, Linear(model, at + "ffn_down", [.. Linear(model, at + "ffn_up", a).Select(Gelu)]))))];
        }

        double[] pooled = pooling switch
        {
            1 => [.. Enumerable.Range(0, model.Width).Select(i => x.Average(row => row[i]))],
            2 => x[0],
            _ => x[^1],
        };
        double length = Math.Sqrt(pooled.Sum(v => v * v));
        return [.. pooled.Select(v => v / length)];
    }

    private static double[][] Attend(TinyBert model, string at, double[][] x)
    {
        double[][] q = [.. x.Select(row => Linear(model, at + "attn_q", row))];
        double[][] k = [.. x.Select(row => Linear(model, at + "attn_k", row))];
        double[][] v = [.. x.Select(row => Linear(model, at + "attn_v", row))];
        int width = model.Width / model.Heads;
        double[][] output = [.. x.Select(_ => new double[model.Width])];
        for (int head = 0; head < model.Heads; head++)
        {
            for (int i = 0; i < x.Length; i++)
            {
                double[] p = [.. k.Select(key => Math.Exp(Enumerable.Range(head * width, width).Sum(e => q[i][e] * key[e]) / Math.Sqrt(width)))];
                double sum = p.Sum();
                for (int e = head * width; e < (head + 1) * width; e++) output[i][e] = p.Select((share, j) => share / sum * v[j][e]).Sum();
            }
        }

        return output;
    }

    private static double[] Linear(TinyBert model, string name, double[] x)
    {
        float[] weights = model[name + ".weight"], bias = model[name + ".bias"];
        return [.. bias.Select((b, row) => b + x.Select((value, column) => value * weights[row * x.Length + column]).Sum())];
    }

    private static double[] LayerNorm(TinyBert model, string name, double[] x)
    {
        double mean = x.Average(), variance = x.Average(v => (v - mean) * (v - mean));
        return [.. x.Select((v, i) => (v - mean) / Math.Sqrt(variance + 1e-12) * model[name + ".weight"][i] + model[name + ".bias"][i])];
    }

    private static double[] Sum(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];

    private static double Gelu(double x) => 0.5 * x * (1 + Numerics.ScalarMathTests.ExactErf(x / Math.Sqrt(2)));
}
