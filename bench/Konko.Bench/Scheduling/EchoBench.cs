using System.Diagnostics;
using System.Globalization;
using Konko.Engine;
using Konko.Engine.Sampling;
using Konko.Engine.Scheduling;

namespace Konko.Bench.Scheduling;

/// <summary>Tasks whose answers repeat their prompts, with drafting and without: tokens a second, and whether the tokens are the same.</summary>
internal static class EchoBench
{
    private const string Code = """
        def total_price(items, tax_rate):
            subtotal = 0
            for item in items:
                subtotal += item.price * item.quantity
            tax = subtotal * tax_rate
            return subtotal + tax


        def print_receipt(items, tax_rate):
            for item in items:
                print(item.name, item.price, item.quantity)
            print("Total:", total_price(items, tax_rate))
        """;

    private const string Passage =
        "The lighthouse at Cape Horn was built in 1991 and is looked after by a Chilean navy officer who lives there with his family. "
        + "Around it the wind blows at more than a hundred kilometres an hour on most days of the year, and ships that round the cape report to the keeper by radio.";

    private static readonly (string Name, string Prompt, float Temperature)[] s_tasks =
    [
        ("quote", $"Repeat the following text word for word:\n\n{Passage}", 0f),
        ("quote, T = 0.7", $"Repeat the following text word for word:\n\n{Passage}", 0.7f),
        ("rewrite code", $"Here is some code. Rewrite it with the function total_price renamed to sum_price.\n\n```python\n{Code}\n```", 0f),
        ("write freely", "Write a short story about a clockmaker who repairs the moon.", 0.8f),
    ];

    public static async Task RunAsync(string path, int threads, int rounds)
    {
        var options = new LocalModelOptions { Threads = threads };
        await using LocalModel plain = await LocalModel.LoadAsync(path, options with { Drafting = false }, TimeProvider.System);
        await using LocalModel drafting = await LocalModel.LoadAsync(path, options, TimeProvider.System);
        Console.WriteLine("task                 tokens   plain, tokens/s   drafting, tokens/s   ratio   same tokens");
        foreach ((string name, string text, float temperature) in s_tasks)
        {
            List<int> prompt = plain.Tokenizer.Encode($"<|im_start|>user\n{text}<|im_end|>\n<|im_start|>assistant\n", parseSpecial: true);
            double[] without = new double[rounds], with = new double[rounds];
            bool same = true;
            int tokens = 0;
            for (int round = -1; round < rounds; round++)
            {
                var request = new GenerationRequest { Prompt = prompt, MaxTokens = 200, Sampling = new SamplingParameters { Temperature = temperature, Seed = 7 } };
                (List<int> expected, double plainRate) = await GenerateAsync(plain, request);
                (List<int> drafted, double draftingRate) = await GenerateAsync(drafting, request);
                same &= expected.SequenceEqual(drafted);
                tokens = expected.Count;
                if (round >= 0) (without[round], with[round]) = (plainRate, draftingRate);
            }

            double before = Median.Of(without), after = Median.Of(with);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-18} {tokens,8} {before,17:F1} {after,20:F1} {after / before,7:F2}   {(same ? "yes" : "NO")}"));
        }
    }

    /// <summary>Tokens and their rate after the first.</summary>
    private static async Task<(List<int> Tokens, double Rate)> GenerateAsync(LocalModel model, GenerationRequest request)
    {
        if (!model.Scheduler.TrySubmit(request, out GenerationHandle? handle, out SubmitRefusal? refusal)) throw new InvalidOperationException($"Refused: {refusal}");
        var tokens = new List<int>();
        long start = 0;
        await foreach (GenerationOutput output in handle.ReadAllAsync())
        {
            if (output is not TokenGenerated generated) continue;
            if (tokens.Count == 0) start = Stopwatch.GetTimestamp();
            tokens.Add(generated.Token.Id);
        }

        return (tokens, (tokens.Count - 1) / Stopwatch.GetElapsedTime(start).TotalSeconds);
    }
}
