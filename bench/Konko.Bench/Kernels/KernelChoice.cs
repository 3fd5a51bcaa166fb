using System.Globalization;
using Konko.Engine.Gguf;
using Konko.Engine.Kernels;

namespace Konko.Bench.Kernels;

/// <summary>Which kernels to measure on which matrices.</summary>
internal sealed record KernelChoice
{
    /// <summary>What the benchmark's parameters are read from: BenchmarkDotNet makes the benchmark itself.</summary>
    public static KernelChoice Current { get; set; } = new();

    public IReadOnlyList<MatrixShape> Shapes { get; init; } = MatrixShape.Of("smollm2");

    public IReadOnlyList<GgmlType> Types { get; init; } = [GgmlType.Q4_0, GgmlType.Q4_1, GgmlType.Q4_K, GgmlType.Q8_0];

    public IReadOnlyList<int> Tokens { get; init; } = [1, 2, 4, 8];

    public IReadOnlyList<int> Threads { get; init; } = Environment.ProcessorCount > 1 ? [1, 2] : [1];

    /// <summary>Reads the command line.</summary>
    /// <exception cref="FormatException">An unknown option, or a value that does not fit.</exception>
    public static KernelChoice Parse(IReadOnlyList<string> arguments)
    {
        KernelChoice choice = new();
        for (int i = 0; i < arguments.Count; i += 2)
        {
            string name = arguments[i];
            if (i + 1 == arguments.Count) throw new FormatException($"{name} needs a value.");
            string[] values = arguments[i + 1].Split(',');
            choice = name switch
            {
                "--models" => choice with { Shapes = [.. values.SelectMany(MatrixShape.Of)] },
                "--types" => choice with { Types = [.. values.Select(Type)] },
                "--tokens" => choice with { Tokens = Numbers(512) },
                "--threads" or "-t" => choice with { Threads = Numbers(Environment.ProcessorCount) },
                _ => throw new FormatException($"{name} is no option."),
            };

            int[] Numbers(int most) => [.. values.Select(text =>
                int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= 1 && number <= most
                    ? number
                    : throw new FormatException($"{name} must be whole numbers from 1 to {most}, not '{text}'."))];
        }

        return choice;
    }

    private static GgmlType Type(string name) =>
        Enum.TryParse(name, ignoreCase: true, out GgmlType type) && Enum.IsDefined(type) && Repacker.FormatOf(type) is not null
            ? type
            : throw new FormatException($"--types has '{name}', for which there is no kernel.");
}
