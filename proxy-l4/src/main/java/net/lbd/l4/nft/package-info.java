/** How the kernel is told: a child process {@code nft -i} that is kept open. Entry type: {@link net.lbd.l4.nft.NftShell}. */
package net.lbd.l4.nft;
