using System.Text;
using System.Text.Json;
using Konko.Server.Generation.Tools;

namespace Konko.Server.Tests.Generation.Tools;

public sealed class JsonScannerTests
{
    [Fact]
    public void Step_AnyCharacters_AcceptsWhatAParserAccepts()
    {
        string[] words = ["{", "}", "[", "]", ":", ",", "\"a\"", "\"\\u00e9\"", "\"\\x\"", "1", "-0.5e+3", "01", "1.", "true", "nul", "null", " ", "\n", "\"", "\\"];
        var random = new Random(3);
        int accepted = 0;
        for (int round = 0; round < GateScale.Of(50_000, 500_000); round++)
        {
            string text = (random.Next(2) == 0 ? "{" : "[") + string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => words[random.Next(words.Length)]));
            int end = End(text, out string output);
            if (end > 0)
            {
                accepted++;
                Assert.True(IsJson(output), text);
            }
            else
            {
                Assert.DoesNotContain(Enumerable.Range(1, text.Length), length => IsJson(text[..length]));
            }
        }

        Assert.True(accepted > 1000);
    }

    [Fact]
    public void Step_TooDeep_IsInvalid() => Assert.Equal(-1, End(new string('[', 100) + new string(']', 100), out _));

    [Fact]
    public void Step_LineBreakInAString_IsEscaped()
    {
        Assert.True(End("{\"a\":\"x\ny\u0001\"}", out string output) > 0);
        Assert.Equal("{\"a\":\"x\\ny\\u0001\"}", output);
    }

    private static int End(string text, out string output)
    {
        var scanner = new JsonScanner();
        var written = new StringBuilder();
        output = "";
        for (int i = 0; i < text.Length; i++)
        {
            ScanStep step = scanner.Step(text[i], written);
            output = written.ToString();
            if (step == ScanStep.Done) return i + 1;
            if (step == ScanStep.Invalid) return -1;
        }

        return -1;
    }

    private static bool IsJson(string text)
    {
        try
        {
            JsonDocument.Parse(text).Dispose();
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
