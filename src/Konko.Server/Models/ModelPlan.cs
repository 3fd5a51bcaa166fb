using Konko.Server.Configuration;

namespace Konko.Server.Models;

/// <summary>How much memory a model is given.</summary>
/// <param name="File">What it needs.</param>
/// <param name="KvBytes">Bytes of keys and values: what it wants, or what is left, but the least it can run with.</param>
internal sealed record ModelPlan(ModelFile File, long KvBytes)
{
    /// <summary>Most bytes that the model will take.</summary>
    public long Bytes => File.WeightBytes + File.BufferBytes + KvBytes;

    /// <summary>Most tokens of a prompt and its answer that there is memory for; a sequence keeps nothing for its last token.</summary>
    public int ContextLength => File.PositionBytes == 0 ? File.ContextLength : (int)Math.Min(File.ContextLength, KvBytes / File.PositionBytes + 1);

    /// <summary>A plan for a model that may have so many bytes; it has more where even the least does not fit.</summary>
    public static ModelPlan Within(ModelFile file, long bytes)
        => new(file, Math.Clamp(bytes - file.WeightBytes - file.BufferBytes, file.LeastKvBytes, Math.Max(file.LeastKvBytes, file.KvBytes)));

    /// <summary>Plans for models that share a limit: those loaded at start fit together, each of the others alone.</summary>
    /// <param name="files">The models in order; null where a file could not be read.</param>
    /// <param name="limit">Bytes for all.</param>
    /// <returns>A plan each, null where the file is.</returns>
    public static ModelPlan?[] For(IReadOnlyList<(ModelFile? File, ModelLoad Load)> files, long limit)
    {
        // The first gets what it wants as long as the later ones keep the least they need.
        long left = limit - files.Where(model => model.Load == ModelLoad.Start).Sum(model => model.File?.LeastBytes ?? 0);
        var plans = new ModelPlan?[files.Count];
        for (int i = 0; i < plans.Length; i++)
        {
            if (files[i].File is not ModelFile file) continue;
            if (files[i].Load == ModelLoad.Demand)
            {
                plans[i] = Within(file, limit);
                continue;
            }

            ModelPlan plan = Within(file, file.LeastBytes + Math.Max(0, left));
            left -= plan.Bytes - file.LeastBytes;
            plans[i] = plan;
        }

        return plans;
    }

    /// <summary>What people are told of it.</summary>
    public override string ToString()
        => $"weights {ByteSize.Text(File.WeightBytes)}, keys and values {ByteSize.Text(KvBytes)}, buffers {ByteSize.Text(File.BufferBytes)}";
}
