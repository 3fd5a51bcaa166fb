namespace Konko.Server.Generation.Tools;

/// <summary>What a character did to a value.</summary>
internal enum ScanStep
{
    /// <summary>The value goes on.</summary>
    More,

    /// <summary>The value ended with this character.</summary>
    Done,

    /// <summary>The value ended before this character, which belongs to what follows.</summary>
    DoneBefore,

    /// <summary>No value goes on like this.</summary>
    Invalid,
}
