namespace Konko.Tests.Samples;

public sealed class SampleTests
{
    public static TheoryData<int> Numbers => [.. Sample.All.Where(sample => !sample.IsGenerated).Select(sample => sample.Number)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Sample_OfTheReadme_Compiles(int number) => Assert.Empty(Sample.All[number - 1].Compile().Errors);

    [Fact]
    public void Sample_ThatIsWrong_DoesNot() => Assert.NotEmpty(new Sample(0, "Konko.KonkoClient.Nothing();").Compile().Errors);

    /// <summary>The one sample that a generator must complete; it stands compiled in the smoke test of ahead-of-time compilation too.</summary>
    [Fact]
    public void Sample_WithAGeneratedContext_LacksOnlyThat() => Assert.All(
        Sample.All.Single(sample => sample.IsGenerated).Compile().Errors,
        error => Assert.True(error.Contains("JsonSerializerContext", StringComparison.Ordinal) || error.Contains("'Types'", StringComparison.Ordinal), error));
}
