namespace Konko.Engine.Templates;

/// <summary>What a template may use. Real ones stay far below; a hostile one ends in a clear error.</summary>
internal static class TemplateLimits
{
    /// <summary>Length of a template's source in UTF-16 units.</summary>
    public const int SourceLength = 1 << 18;

    /// <summary>Distinct names in a template.</summary>
    public const int Names = 2000;

    /// <summary>Nesting of blocks and expressions in the source.</summary>
    public const int ParseDepth = 100;

    /// <summary>Nesting of evaluations while rendering, macro calls included.</summary>
    public const int RenderDepth = 1000;

    /// <summary>Nesting of lists and dictionaries in a value that is printed, compared or serialised.</summary>
    public const int ValueDepth = 200;

    /// <summary>Evaluations in a render of the smallest input; copying text and lists counts by size.</summary>
    public const long Steps = 5_000_000;

    /// <summary>Further evaluations for each byte of input: templates that look back for each message take its square.</summary>
    public const long StepsPerInputByte = 32;

    /// <summary>Evaluations in any render, about five seconds.</summary>
    public const long MaxSteps = 100_000_000;

    /// <summary>Bytes of text and lists made in a render, and bytes of anything allocated in it, for the smallest input.</summary>
    public const long Bytes = 32L << 20;

    /// <summary>Further bytes of text and lists for each byte of input.</summary>
    public const long BytesPerInputByte = 64;

    /// <summary>Further bytes allocated for each byte of input; nearly all of them are garbage at once, and so go with the steps.</summary>
    public const long AllocatedPerInputByte = 1024;

    /// <summary>What of the limits a render for finding out a template's capabilities may use: of about fifteen in a row, each this part.</summary>
    public const int ProbeShare = 32;

    /// <summary>Length of the rendered prompt in UTF-16 units.</summary>
    public const int OutputLength = 1 << 25;

    /// <summary>Bits of an integer.</summary>
    public const int IntegerBits = 4096;

    /// <summary>Decimal digits of an integer that is read from text.</summary>
    public const int IntegerDigits = 1200;

    /// <summary>Elements of a <c>range</c>.</summary>
    public const int RangeLength = 100_000;
}
