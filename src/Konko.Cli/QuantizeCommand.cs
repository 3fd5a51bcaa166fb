using System.CommandLine;
using System.Globalization;
using Konko.Cli.Help;
using Konko.Cli.Running;
using Konko.Engine.Gguf;
using Konko.Engine.Gguf.Quantization;
using Konko.Engine.Gguf.Quants;

namespace Konko.Cli;

/// <summary><c>konko quantize</c>: writes a model again with other types.</summary>
internal sealed class QuantizeCommand
{
    private readonly Argument<string> _input = new("IN") { Description = "The GGUF file; of a split model the first one." };
    private readonly Argument<string> _output = new("OUT") { Description = "The GGUF file to write." };
    private readonly Argument<string> _type = new("TYPE") { Description = $"What to make of the matrices: {string.Join(", ", QuantizationRecipe.All.Select(recipe => recipe.Name))}." };
    private readonly Option<string?> _outputType = new("--output-type") { Description = "The type of the matrix that makes the logits. Default: Q6_K, or TYPE where that is wider.", HelpName = "TYPE" };
    private readonly Option<string?> _embeddingType = new("--embedding-type") { Description = "The type of the token embedding. Default: TYPE.", HelpName = "TYPE" };
    private readonly Option<bool> _pure = new("--pure") { Description = "Gives every matrix TYPE itself." };
    private readonly Option<bool> _force = new("--force") { Description = "Replaces OUT if it is a GGUF file already." };
    private readonly Option<int> _threads = new("--threads") { Description = "How many threads work. Default: one for each processor.", HelpName = "N", DefaultValueFactory = _ => Environment.ProcessorCount };

    public static Command Create() => new QuantizeCommand().Build();

    private Command Build()
    {
        var command = new Command("quantize", "Writes a model file again with other types: smaller, or larger. Nothing is left of it if it fails.")
        {
            _input, _output, _type, _outputType, _embeddingType, _pure, _force, _threads,
        };
        command.SetAction(Run);
        return command.WithExamples(
            "konko quantize model.gguf smaller.gguf Q4_K_M",
            "konko quantize model.gguf small.gguf Q4_0 --output-type Q8_0 --threads 4");
    }

    private int Run(ParseResult result)
    {
        TextWriter output = result.InvocationConfiguration.Output;
        TextWriter error = result.InvocationConfiguration.Error;
        int threads = result.GetValue(_threads);
        if (threads is < 1 or > 1024) return Misused(error, $"--threads must be a whole number from 1 to 1024, not {threads.ToString(CultureInfo.InvariantCulture)}.");
        if (QuantizationRecipe.Find(result.GetRequiredValue(_type)) is not QuantizationRecipe recipe)
        {
            return Misused(error, $"TYPE must be one of {string.Join(", ", QuantizationRecipe.All.Select(known => known.Name))}, not '{result.GetValue(_type)}'.");
        }

        foreach (Option<string?> option in new[] { _outputType, _embeddingType })
        {
            if (result.GetValue(option) is string name && FindType(name) is null)
            {
                return Misused(error, $"{option.Name} must be one of {string.Join(", ", Quantizer.Types)}, not '{name}'.");
            }
        }

        var options = new QuantizationOptions(recipe)
        {
            OutputType = FindType(result.GetValue(_outputType)),
            EmbeddingType = FindType(result.GetValue(_embeddingType)),
            Pure = result.GetValue(_pure),
        };
        using var stop = new StopSignal();
        try
        {
            using GgufFile file = GgufFile.Open(result.GetRequiredValue(_input));
            QuantizationPlan plan = QuantizationPlan.Create(file, options);
            string path = result.GetRequiredValue(_output);
            var report = new QuantizeReport(output, error, TimeProvider.System);
            report.Start(plan);
            long bytes = GgufQuantizer.Write(plan, path, result.GetValue(_force), threads, report, stop.Token);
            report.End(plan, path, bytes);
            return ExitCodes.Success;
        }
        catch (Exception e) when (e is GgufException or QuantizationException)
        {
            error.WriteLine("konko: " + e.Message);
            return ExitCodes.Failure;
        }
        catch (OperationCanceledException)
        {
            error.WriteLine("konko: stopped; nothing was written.");
            return stop.ExitCode;
        }
    }

    private static int Misused(TextWriter error, string message)
    {
        error.WriteLine("konko: " + message);
        return ExitCodes.Usage;
    }

    private static GgmlType? FindType(string? name)
        => name is null ? null : Quantizer.Types.Where(type => type.ToString().Equals(name, StringComparison.OrdinalIgnoreCase)).Select(type => (GgmlType?)type).FirstOrDefault();
}
