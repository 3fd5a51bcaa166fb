using Konko.Cli.Hub;
using Konko.Cli.Running;

namespace Konko.Cli.Tests.Hub;

public sealed class HubModelTests
{
    private static readonly string s_sum = new('a', 64);

    private static readonly HubFile[] s_files =
        [.. new[] { "m-Q4_K_M.gguf", "m-Q8_0.gguf", "m.IQ4_XS.gguf", "m-UD-Q4_K_XL.gguf", "m-bf16.gguf", "mmproj-m-f16.gguf", "m-imatrix.gguf",
            "BF16x2/big-BF16x2-00002-of-00002.gguf", "BF16x2/big-BF16x2-00001-of-00002.gguf", "Q6_K/m-00001-of-00002.gguf", "Q6_K/m-00002-of-00002.gguf", "Q5_0/m-00001-of-00002.gguf" }
            .Select((name, i) => new HubFile(name, (i + 1) << 20, s_sum))];

    [Theory]
    [InlineData(null, "m-Q4_K_M.gguf")]
    [InlineData("Q4_K_M", "m-Q4_K_M.gguf")]
    [InlineData("q8_0", "m-Q8_0.gguf")]
    [InlineData("iq4_xs", "m.IQ4_XS.gguf")]
    [InlineData("Q4_K_XL", "m-UD-Q4_K_XL.gguf")]
    [InlineData("UD-Q4_K_XL", "m-UD-Q4_K_XL.gguf")]
    [InlineData("BF16", "m-bf16.gguf")]
    [InlineData("m-Q8_0.gguf", "m-Q8_0.gguf")]
    [InlineData("m-Q8_0", "m-Q8_0.gguf")]
    [InlineData("Q6_K", "Q6_K/m-00001-of-00002.gguf Q6_K/m-00002-of-00002.gguf")]
    [InlineData("big-BF16x2-00002-of-00002.gguf", "BF16x2/big-BF16x2-00001-of-00002.gguf BF16x2/big-BF16x2-00002-of-00002.gguf")]
    public void Choose_Wanted_IsTheFilesOfIt(string? wanted, string files) =>
        Assert.Equal(files, string.Join(' ', HubModel.Choose(new HubReference("o/r", wanted), HubModel.Of(s_files)).Files.Select(file => file.Path)));

    [Fact]
    public void Choose_WhatIsNotThere_ListsWhatIs()
    {
        FailureException failure = Assert.Throws<FailureException>(() => HubModel.Choose(new HubReference("o/r", "Q2_K"), HubModel.Of(s_files[..3])));

        Assert.Equal("o/r has no 'Q2_K'; it has Q4_K_M (1.0 MiB), Q8_0 (2.0 MiB), IQ4_XS (3.0 MiB).", failure.Message);
        Assert.Equal(ExitCodes.Usage, failure.ExitCode);
    }

    [Fact]
    public void Choose_NothingSaidAndNothingUsual_ListsWhatThereIs() =>
        Assert.Equal("o/r has several models; name one behind a colon: Q8_0 (2.0 MiB), IQ4_XS (3.0 MiB).",
            Assert.Throws<FailureException>(() => HubModel.Choose(new HubReference("o/r", null), HubModel.Of(s_files[1..3]))).Message);

    [Fact]
    public void Choose_SeveralOfOneType_NamesTheirFiles() =>
        Assert.Equal("o/r has several of these; name the file: a-Q8_0 (1.0 MiB), b-Q8_0 (2.0 MiB).",
            Assert.Throws<FailureException>(() => HubModel.Choose(new HubReference("o/r", "Q8_0"), HubModel.Of([new("a-Q8_0.gguf", 1 << 20, s_sum), new("b-Q8_0.gguf", 2 << 20, s_sum)]))).Message);

    [Fact]
    public void Choose_PartThatIsMissing_IsRefused() =>
        Assert.Equal("Q5_0/m: the hub has not all of its 2 files.", Assert.Throws<FailureException>(() => HubModel.Choose(new HubReference("o/r", "Q5_0"), HubModel.Of(s_files))).Message);

    [Fact]
    public void Choose_NoGguf_SaysWhatToLookFor() =>
        Assert.StartsWith("o/r has no GGUF file", Assert.Throws<FailureException>(() => HubModel.Choose(new HubReference("o/r", null), [])).Message, StringComparison.Ordinal);
}
