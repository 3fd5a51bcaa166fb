using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Konko.Cli.Help;
using Konko.Engine.Gguf;
using Konko.Server.Models;

namespace Konko.Cli.Bench;

/// <summary><c>konko bench</c>: how fast models run on this machine, without a server around them.</summary>
internal static class BenchCommand
{
    // More positions than any model has, and few enough to multiply.
    private const int MostTokens = 1 << 24;

    public static Command Create()
    {
        var command = new Command("bench", "Measures how fast models run on this machine: prompts, generation at depths, many streams together. Numbers may be lists: 128,512.");
        var models = new Option<string[]>("--model", "-m") { Description = "A GGUF file to measure. Repeatable. Default: the embedded models.", HelpName = "PATH" };
        Option<int[]> prompts = Numbers("--prompt", "-p", 0, MostTokens, "Tokens of a prompt; 0 measures none.", 512);
        Option<int[]> generates = Numbers("--generate", "-n", 0, MostTokens, "Tokens to generate, one stream; 0 measures none.", 128);
        Option<int[]> depths = Numbers("--depth", "-d", 0, MostTokens, "Tokens that stand before the prompt or the generated tokens.", 0);
        Option<int[]> streams = Numbers("--streams", "-b", 1, 1024, "Also generate so many streams together, through the scheduler.");
        Option<int[]> streamPrompt = Numbers("--stream-prompt", null, 1, MostTokens, "Tokens of each such stream's prompt.", 128);
        Option<int[]> streamGenerate = Numbers("--stream-generate", null, 2, MostTokens, "Tokens that each of them generates.", 64);
        Option<int[]> threads = Numbers("--threads", "-t", 1, 1024, "Threads of the engine.", Environment.ProcessorCount);
        Option<int[]> repetitions = Numbers("--repetitions", "-r", 1, 1000, "Measurements of each test; the table shows their median.", 5);
        var json = new Option<bool>("--json") { Description = "Every measurement as JSON, instead of the table." };
        foreach (Option option in (Option[])[models, prompts, generates, depths, streams, streamPrompt, streamGenerate, threads, repetitions, json]) command.Options.Add(option);
        command.SetAction((result, cancellationToken) =>
        {
            var plan = new BenchPlan
            {
                Models = result.GetValue(models) is { Length: > 0 } given ? given : [.. ModelCatalogue.Embedded().Take(1).Select(model => model.Path)],
                Prompts = result.GetRequiredValue(prompts),
                Generates = result.GetRequiredValue(generates),
                Depths = result.GetRequiredValue(depths),
                Streams = result.GetValue(streams) ?? [],
                StreamPrompts = result.GetRequiredValue(streamPrompt),
                StreamGenerates = result.GetRequiredValue(streamGenerate),
                Threads = result.GetRequiredValue(threads),
                Repetitions = result.GetRequiredValue(repetitions)[0],
            };
            return RunAsync(plan, result.GetValue(json), result.InvocationConfiguration.Output, result.InvocationConfiguration.Error, cancellationToken);
        });
        return command.WithExamples(
            "konko bench                                  # the embedded model",
            "konko bench -m my.gguf -p 128,512 -n 64 -d 0,4096",
            "konko bench --streams 1,4,16 --json          # many streams together; every measurement");
    }

    private static async Task<int> RunAsync(BenchPlan plan, bool json, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        var rows = new List<BenchRow>();
        try
        {
            foreach (string path in plan.Models)
            {
                foreach (int threads in plan.Threads) await ModelBench.RunAsync(path, threads, plan, rows.Add, cancellationToken);
            }
        }
        catch (Exception exception) when (exception is GgufException or IOException or UnauthorizedAccessException or BenchException)
        {
            await error.WriteLineAsync("konko: " + exception.Message);
            return ExitCodes.Failure;
        }

        await output.WriteLineAsync(json ? BenchReport.Json(rows) : BenchReport.Table(rows));
        return ExitCodes.Success;
    }

    private static Option<int[]> Numbers(string name, string? alias, int least, int most, string description, params int[] without)
    {
        var option = new Option<int[]>(name, alias is null ? [] : [alias])
        {
            Description = description,
            HelpName = "N",
            DefaultValueFactory = _ => without,
            CustomParser = Parse,
        };
        return option;

        int[]? Parse(ArgumentResult argument)
        {
            var numbers = new List<int>();
            foreach (string text in argument.Tokens.SelectMany(token => token.Value.Split(',')))
            {
                if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number < least || number > most)
                {
                    argument.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} must be whole numbers from {least} to {most}, not '{text}'."));
                    return null;
                }

                numbers.Add(number);
            }

            return [.. numbers];
        }
    }
}
