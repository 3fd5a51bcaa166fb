using Konko;
using Konko.AotSmoke;
using Microsoft.Extensions.AI;

// What the client does, in a program compiled ahead of time and trimmed: a whole answer, a stream, a typed answer, a cut
// stream. Against a server of its own, or the one whose URL and model are given.
const string Chunk = """data: {"id":"1","choices":[{"index":0,"delta":{"role":"assistant","content":"Hello"}}],"later":{"a":[1]}}""" + "\n\n";
const string Whole = """{"id":"1","choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}]}""";
const string Typed = """{"id":"1","choices":[{"index":0,"message":{"role":"assistant","content":"{\"Name\":\"Oslo\",\"People\":717710}"},"finish_reason":"stop"}]}""";

using var upstream = new Upstream(Chunk + "data: [DONE]\n\n", Whole, Typed, Chunk + "data: [DONE]\n\n", Chunk);
bool real = args.Length == 2;
using var konko = new KonkoClient(new KonkoClientOptions { BaseUrl = real ? new Uri(args[0]) : upstream.Start(), MaxRetries = 0 });
string model = real ? args[1] : "org/tiny";

string streamed = "";
await foreach (var chunk in konko.ChatCompletion.CreateStreaming(model, [("user", "Say hello.")], temperature: 0, maxTokens: 20, seed: 1))
{
    Console.WriteLine(chunk);
    streamed += chunk.Text;
}

ChatCompletion whole = await konko.Chat.Completions.CreateAsync(model, [("user", "Say hello.")], temperature: 0, maxTokens: 20, seed: 1);
Console.WriteLine(whole);
if (whole.Text.Length == 0 || whole.Text != streamed) return Fail("A stream and a whole answer are not the same.");

City city = await konko.Chat(model, temperature: 0, maxTokens: 200).CompleteAsync("Which city is the capital of Norway?", CityJson.Default.City);
Console.WriteLine(city);

ChatResponse response = await konko.AsChatClient(model).GetStreamingResponseAsync("Say hello.", new() { Temperature = 0, MaxOutputTokens = 20, Seed = 1 }).ToChatResponseAsync();
if (response.Text != streamed) return Fail("The chat client's answer is another.");
if (real) return 0;

try
{
    await foreach (var _ in konko.ChatCompletion.CreateStreaming(model, [("user", "Say hello.")]));
}
catch (KonkoStreamException cut)
{
    Console.WriteLine(cut.Message);
    return 0;
}

return Fail("A cut stream was taken for a whole one.");

static int Fail(string why)
{
    Console.Error.WriteLine(why);
    return 1;
}
