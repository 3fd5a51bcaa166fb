namespace Konko.Engine.Gguf.Quantization;

/// <summary>
/// Writes a model again with other types: tensor by tensor, in pieces, with memory that does not grow with the model.
/// The same model and plan give the same bytes, on any number of threads and on every machine.
/// </summary>
public static class GgufQuantizer
{
    private const string FileTypeKey = "general.file_type";
    private const string VersionKey = "general.quantization_version";
    private const uint QuantizationVersion = 2;

    /// <summary>Writes the model that a plan describes. Whatever goes wrong, nothing is left of it.</summary>
    /// <param name="plan">What becomes of each tensor.</param>
    /// <param name="path">The file to write; it appears whole or not at all.</param>
    /// <param name="overwrite">Whether a GGUF file of that name may be replaced.</param>
    /// <param name="threads">How many threads work, at least 1.</param>
    /// <param name="progress">Told from the calling thread after each stretch; null for nobody.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The size of the file in bytes.</returns>
    /// <exception cref="GgufException">The model is damaged: a tensor cannot be read, or a weight is no number that the type holds.</exception>
    /// <exception cref="QuantizationException">The file may not or cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The work was ended.</exception>
    public static long Write(
        QuantizationPlan plan, string path, bool overwrite, int threads, IProgress<QuantizationProgress>? progress, CancellationToken cancellationToken)
    {
        using var output = WholeFile.Create(path, [plan.File.Path], overwrite, plan.BytesAfter + HeaderBytes(plan));
        using var requantizer = new TensorRequantizer(plan.File, threads);
        long done = 0;
        long total = plan.Weights;
        var writer = new GgufWriter();
        writer.CopyMetadata(plan.File.Metadata);
        foreach (string key in plan.File.Metadata.Keys.Where(key => key.StartsWith(GgufFormat.SplitPrefix, StringComparison.Ordinal))) writer.Remove(key);
        writer.Set(FileTypeKey, plan.Options.Recipe.FileType);
        writer.Set(VersionKey, QuantizationVersion);
        foreach (PlannedTensor tensor in plan.Tensors)
        {
            writer.AddTensor(tensor.Source.Name, tensor.Type, tensor.Source.Dimensions, stream => requantizer.Write(tensor, stream, Report(tensor), cancellationToken));
        }

        output.Write(writer.Write);
        cancellationToken.ThrowIfCancellationRequested();
        return output.Commit();

        Action<long> Report(PlannedTensor tensor) => elements =>
        {
            done += elements;
            progress?.Report(new QuantizationProgress(tensor.Source.Name, done, total));
        };
    }

    // About as much as before: nothing but a few numbers is added.
    private static long HeaderBytes(QuantizationPlan plan) => plan.File.FileBytes - plan.BytesBefore + 4096;
}
