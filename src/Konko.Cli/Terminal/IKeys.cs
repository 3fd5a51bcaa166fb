namespace Konko.Cli.Terminal;

/// <summary>What a person does at the keyboard.</summary>
internal interface IKeys
{
    /// <summary>The next key, or text that was pasted, or that the terminal has another size now.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<KeyInput> ReadAsync(CancellationToken cancellationToken);
}
