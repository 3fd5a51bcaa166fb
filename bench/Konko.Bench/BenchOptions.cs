using System.Globalization;

namespace Konko.Bench;

/// <summary>What to measure.</summary>
internal sealed record BenchOptions
{
    public required string Model { get; init; }

    public int Threads { get; init; } = Environment.ProcessorCount;

    public int Prompt { get; init; } = 512;

    public int Generate { get; init; } = 128;

    public int Depth { get; init; }

    public int Streams { get; init; } = 1;

    public int Texts { get; init; }

    public int StepTokens { get; init; } = 512;

    public int Rounds { get; init; } = 5;

    public bool Json { get; init; }

    /// <summary>Reads the command line; ends the program with a message where it is wrong.</summary>
    public static BenchOptions Parse(string[] args)
    {
        var options = new BenchOptions { Model = "" };
        for (int i = 0; i < args.Length; i++)
        {
            string name = args[i];
            if (name == "--json")
            {
                options = options with { Json = true };
                continue;
            }

            if (++i == args.Length) Fail($"{name} needs a value");
            if (name == "-m")
            {
                options = options with { Model = args[i] };
                continue;
            }

            if (!int.TryParse(args[i], NumberStyles.None, CultureInfo.InvariantCulture, out int value)) Fail($"{name} needs a whole number");
            options = name switch
            {
                "-t" => options with { Threads = value },
                "-p" => options with { Prompt = value },
                "-n" => options with { Generate = value },
                "-d" => options with { Depth = value },
                "-b" => options with { Streams = value },
                "-e" => options with { Texts = value },
                "-s" => options with { StepTokens = value },
                "-r" => options with { Rounds = value },
                _ => throw new ArgumentException($"unknown option {name}"),
            };
        }

        if (options.Model.Length == 0) Fail("-m MODEL is missing");
        return options;
    }

    private static void Fail(string message)
    {
        Console.Error.WriteLine(message);
        Environment.Exit(2);
    }
}
