using System.Globalization;

namespace Konko.Bench;

/// <summary>How to measure an encoder.</summary>
internal sealed record EncoderOptions
{
    public required string Model { get; init; }

    public int Threads { get; init; } = Environment.ProcessorCount;

    public int Prompt { get; init; } = 64;

    public int Streams { get; init; } = 16;

    public int Texts { get; init; } = 256;

    public int StepTokens { get; init; } = 512;

    public int Rounds { get; init; } = 5;

    public bool Json { get; init; }

    /// <summary>Reads the command line.</summary>
    /// <exception cref="FormatException">It is wrong; the message says where.</exception>
    public static EncoderOptions Parse(string[] args)
    {
        var options = new EncoderOptions { Model = "" };
        for (int i = 0; i < args.Length; i++)
        {
            string name = args[i];
            if (name == "--json")
            {
                options = options with { Json = true };
                continue;
            }

            if (++i == args.Length) throw new FormatException($"{name} needs a value");
            if (name == "-m")
            {
                options = options with { Model = args[i] };
                continue;
            }

            if (!int.TryParse(args[i], NumberStyles.None, CultureInfo.InvariantCulture, out int value)) throw new FormatException($"{name} needs a whole number");
            options = name switch
            {
                "-t" => options with { Threads = value },
                "-p" => options with { Prompt = value },
                "-b" => options with { Streams = value },
                "-e" => options with { Texts = value },
                "-s" => options with { StepTokens = value },
                "-r" => options with { Rounds = value },
                _ => throw new FormatException($"{name} is no option."),
            };
        }

        if (options.Model.Length == 0) throw new FormatException("-m MODEL is missing");
        return options;
    }
}
